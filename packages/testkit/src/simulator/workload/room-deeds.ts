import type { ClientEvent } from '@hansa/protocol/wire';
import { path } from '../clients/simulated-client.ts';
import type { Act, Deed } from './deed.ts';

export const put = (deed: Deed, type: string, content: object, key = ''): ReturnType<Act> =>
  deed.who.client.insist('PUT', path('rooms', deed.room.roomId, 'state', type, key), content);

export const onMember = (verb: 'kick' | 'ban' | 'unban' | 'invite'): Act => {
  return async ({ who, room, people, draws }) => {
    const whom = draws.pick(people.filter((each) => each !== who));
    return who.client.insist('POST', path('rooms', room.roomId, verb), {
      user_id: whom.client.userId,
    });
  };
};

export const say: Act = async ({ who, room, draws }) => {
  const { client } = who;
  const url = path('rooms', room.roomId, 'send', 'm.room.message', client.newTransactionId());
  return client.insist('PUT', url, { msgtype: 'm.text', body: `${draws.below(1e6)}` });
};

export const leave: Act = async ({ who, room }) =>
  who.client.insist('POST', path('rooms', room.roomId, 'leave'), {});

export const levels: Act = async (deed) => {
  const { who, room, people, draws } = deed;
  const held = who.reader.rooms.get(room.roomId)?.picture.state('m.room.power_levels')?.content;
  if (held === undefined) return undefined;
  const users = {
    ...(held['users'] as object | undefined),
    [draws.pick(people).client.userId]: draws.pick([0, 25, 50, 100]),
  };
  return put(deed, 'm.room.power_levels', { ...held, users });
};

export const redact: Act = async ({ who, room, draws }) => {
  const stay = who.reader.rooms.get(room.roomId);
  // Before version 11 rules go by what a redaction takes from state; who comes in later is never told that, and differs.
  const events = stay?.picture.timeline.filter((event) => event.state_key === undefined) ?? [];
  const seen = Number(room.version) >= 11 ? (stay?.seen ?? []) : events.map(idOf);
  if (seen.length === 0) return undefined;
  const txn = who.client.newTransactionId();
  return who.client.insist('PUT', path('rooms', room.roomId, 'redact', draws.pick(seen), txn), {});
};

export const pageBack: Act = async ({ who, room, draws }) => {
  const from = who.reader.rooms.get(room.roomId)?.prevBatch;
  const query = new URLSearchParams({
    dir: draws.pick(['b', 'b', 'f']),
    limit: String(draws.pick([1, 5, 30])),
    ...(from === undefined ? {} : { from }),
  });
  return who.client.insist('GET', `${path('rooms', room.roomId, 'messages')}?${query.toString()}`);
};

/** How far somebody has read. */
export const receipt: Act = async ({ who, room, draws }) => {
  const seen = who.reader.rooms.get(room.roomId)?.seen ?? [];
  if (seen.length === 0) return undefined;
  const kind = draws.pick(['m.read', 'm.read', 'm.read.private']);
  return who.client.insist(
    'POST',
    path('rooms', room.roomId, 'receipt', kind, draws.pick(seen)),
    {},
  );
};

export const typing: Act = async ({ who, room, draws }) =>
  who.client.insist('PUT', path('rooms', room.roomId, 'typing', who.client.userId), {
    typing: draws.chance(0.8),
    timeout: draws.pick([5_000, 20_000]),
  });

function idOf({ event_id: eventId }: ClientEvent): string {
  return eventId;
}
