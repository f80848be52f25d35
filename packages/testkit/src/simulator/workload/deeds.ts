import type { Person } from './person.ts';
import { API, path } from '../clients/simulated-client.ts';
import type { ClientAnswer } from '../clients/simulated-client.ts';
import type { Draws } from '../world/draws.ts';

/** A room as somebody who acts in it needs it. */
export interface KnownRoom {
  readonly roomId: string;
  /** Servers that may let others in. */
  readonly via: readonly string[];
}

/** What somebody does: requests as a client makes them, some of which are refused. */
export interface Deed {
  readonly who: Person;
  readonly room: KnownRoom;
  readonly people: readonly Person[];
  readonly draws: Draws;
}

type Act = (deed: Deed) => Promise<ClientAnswer | undefined>;

const put = (deed: Deed, type: string, content: object, key = ''): ReturnType<Act> =>
  deed.who.client.insist('PUT', path('rooms', deed.room.roomId, 'state', type, key), content);

const onMember = (verb: 'kick' | 'ban' | 'unban' | 'invite'): Act => {
  return async ({ who, room, people, draws }) => {
    const whom = draws.pick(people.filter((each) => each !== who));
    return who.client.insist('POST', path('rooms', room.roomId, verb), {
      user_id: whom.client.userId,
    });
  };
};

const say: Act = async ({ who, room, draws }) => {
  const { client } = who;
  const url = path('rooms', room.roomId, 'send', 'm.room.message', client.newTransactionId());
  return client.insist('PUT', url, { msgtype: 'm.text', body: `${draws.below(1e6)}` });
};

const join: Act = async ({ who, room }) => {
  const query = room.via.map((server) => `via=${server}`).join('&');
  return who.client.insist('POST', `${path('join', room.roomId)}?${query}`, {});
};

const leave: Act = async ({ who, room }) =>
  who.client.insist('POST', path('rooms', room.roomId, 'leave'), {});

const levels: Act = async (deed) => {
  const { who, room, people, draws } = deed;
  const held = who.reader.rooms.get(room.roomId)?.picture.state('m.room.power_levels')?.content;
  if (held === undefined) return undefined;
  const users = {
    ...(held['users'] as object | undefined),
    [draws.pick(people).client.userId]: draws.pick([0, 25, 50, 100]),
  };
  return put(deed, 'm.room.power_levels', { ...held, users });
};

const redact: Act = async ({ who, room, draws }) => {
  const seen = who.reader.rooms.get(room.roomId)?.seen ?? [];
  if (seen.length === 0) return undefined;
  const txn = who.client.newTransactionId();
  return who.client.insist('PUT', path('rooms', room.roomId, 'redact', draws.pick(seen), txn), {});
};

const pageBack: Act = async ({ who, room, draws }) => {
  const from = who.reader.rooms.get(room.roomId)?.prevBatch;
  const query = new URLSearchParams({
    dir: draws.pick(['b', 'b', 'f']),
    limit: String(draws.pick([1, 5, 30])),
    ...(from === undefined ? {} : { from }),
  });
  return who.client.insist('GET', `${path('rooms', room.roomId, 'messages')}?${query.toString()}`);
};

/** The deeds, each as often as its weight says. */
const DEEDS: readonly (readonly [name: string, weight: number, act: Act])[] = [
  ['say', 14, say],
  ['name', 3, (deed) => put(deed, 'm.room.name', { name: `n${deed.draws.below(1e6)}` })],
  ['topic', 3, (deed) => put(deed, 'm.room.topic', { topic: `t${deed.draws.below(1e6)}` })],
  [
    'odd state',
    1,
    (deed) =>
      put(deed, 'com.example.odd', { n: deed.draws.below(9) }, deed.draws.pick(['a', 'b', ''])),
  ],
  ['levels', 3, levels],
  [
    'join rules',
    1,
    (deed) =>
      put(deed, 'm.room.join_rules', {
        join_rule: deed.draws.pick(['public', 'public', 'invite']),
      }),
  ],
  ['invite', 3, onMember('invite')],
  ['join', 5, join],
  ['leave', 2, leave],
  ['kick', 2, onMember('kick')],
  ['ban', 1, onMember('ban')],
  ['unban', 1, onMember('unban')],
  ['redact', 2, redact],
  ['page back', 3, pageBack],
];

const TOTAL = DEEDS.reduce((sum, [, weight]) => sum + weight, 0);

export function pickDeed(draws: Draws): { readonly name: string; readonly act: Act } {
  let left = draws.below(TOTAL);
  for (const [name, weight, act] of DEEDS) {
    left -= weight;
    if (left < 0) return { name, act };
  }
  throw new Error('the weights of the deeds do not add up');
}

export { join, say };

/** `undefined` where nobody answered, or it was refused. */
export async function createRoom({ client }: Person, request: object): Promise<string | undefined> {
  const answer = await client.insist('POST', `${API}/createRoom`, request);
  const roomId = answer?.body['room_id'];
  return typeof roomId === 'string' ? roomId : undefined;
}
