import { SUPPORTED_ROOM_VERSIONS } from '@hansa/protocol';
import { API, path } from '../clients/simulated-client.ts';
import type { Act, Deed } from './deed.ts';
import { put } from './room-deeds.ts';

const RULES = ['public', 'public', 'public', 'invite', 'knock', 'restricted', 'knock_restricted'];
const ELSEWHERE = 'elsewhere.example';

export const joinRules: Act = async (deed) => {
  const { known, draws } = deed;
  const rule = draws.pick(RULES);
  const other = draws.pick(known.rooms);
  return put(deed, 'm.room.join_rules', {
    join_rule: rule,
    ...(rule.endsWith('restricted') && {
      allow: [{ type: 'm.room_membership', room_id: other.roomId }],
    }),
  });
};

export const join: Act = async ({ who, room }) =>
  who.client.insist('POST', `${path('join', room.roomId)}?${viaOf(room)}`, {});

export const knock: Act = async ({ who, room }) =>
  who.client.insist('POST', `${path('knock', room.roomId)}?${viaOf(room)}`, {});

export const joinByAlias: Act = async ({ who, known, draws }) => {
  if (known.aliases.size === 0) return undefined;
  return who.client.insist('POST', path('join', draws.pick([...known.aliases.keys()])), {});
};

export const nameRoom: Act = async ({ who, room, known, draws }) => {
  const alias = `#a${draws.below(1e6)}:${who.client.server}`;
  const answer = await who.client.insist('PUT', path('directory', 'room', alias), {
    room_id: room.roomId,
  });
  if (answer?.status === 200) known.aliases.set(alias, room.roomId);
  return answer;
};

/** Whether it is gone is not known when nobody answers. */
export const forgetName: Act = async ({ who, known, draws }) => {
  const own = [...known.aliases.keys()].filter((alias) => alias.endsWith(`:${who.client.server}`));
  if (own.length === 0) return undefined;
  const alias = draws.pick(own);
  known.aliases.delete(alias);
  return who.client.insist('DELETE', path('directory', 'room', alias));
};

export const upgrade: Act = async ({ who, room, known, draws }) => {
  known.replaced.add(room.roomId);
  const version = draws.pick(SUPPORTED_ROOM_VERSIONS);
  const answer = await who.client.insist('POST', path('rooms', room.roomId, 'upgrade'), {
    new_version: version,
  });
  const roomId = answer?.body['replacement_room'];
  if (typeof roomId === 'string') known.rooms.push({ ...room, roomId, version });
  return answer;
};

/** Who is kept out: nobody who is here, or, seldom, one who is. */
export const accessList: Act = async (deed) => {
  const { people, draws } = deed;
  const servers = new Set(people.map(({ client }) => client.server));
  const deny = draws.chance(0.5) ? draws.pick([...servers]) : ELSEWHERE;
  return put(deed, 'm.room.server_acl', { allow: ['*'], deny: [deny] });
};

/** Everybody finds the room by each name that somebody was told to be its. */
export async function resolveNames({ who, known }: Pick<Deed, 'who' | 'known'>): Promise<string[]> {
  const wrong: string[] = [];
  for (const [alias, roomId] of known.aliases) {
    const answer = await who.client.insist(
      'GET',
      `${API}/directory/room/${encodeURIComponent(alias)}`,
    );
    const found = answer?.body['room_id'];
    if (found === roomId || (typeof found === 'string' && known.replaced.has(roomId))) continue;
    const instead = JSON.stringify(answer?.body);
    wrong.push(`${who.client.userId} finds no ${roomId} at ${alias}, but ${instead}`);
  }
  return wrong;
}

function viaOf({ via }: Deed['room']): string {
  return via.map((server) => `via=${server}`).join('&');
}
