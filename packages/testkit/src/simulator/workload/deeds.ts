import { API } from '../clients/simulated-client.ts';
import type { Draws } from '../world/draws.ts';
import type { Act } from './deed.ts';
import {
  accessList,
  forgetName,
  join,
  joinByAlias,
  joinRules,
  knock,
  nameRoom,
  upgrade,
} from './door-deeds.ts';
import { download, upload } from './file-deeds.ts';
import type { Person } from './person.ts';
import {
  leave,
  levels,
  onMember,
  pageBack,
  put,
  receipt,
  redact,
  say,
  typing,
} from './room-deeds.ts';

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
  ['join rules', 2, joinRules],
  ['invite', 3, onMember('invite')],
  ['join', 5, join],
  ['leave', 2, leave],
  ['kick', 2, onMember('kick')],
  ['ban', 1, onMember('ban')],
  ['unban', 1, onMember('unban')],
  ['redact', 2, redact],
  ['page back', 3, pageBack],
  ['knock', 2, knock],
  ['receipt', 2, receipt],
  ['typing', 1, typing],
  ['upload', 2, upload],
  ['download', 3, download],
  ['name room', 1, nameRoom],
  ['forget name', 0.5, forgetName],
  ['join by alias', 1, joinByAlias],
  ['upgrade', 0.5, upgrade],
  ['access list', 0.5, accessList],
];

const TOTAL = DEEDS.reduce((sum, [, weight]) => sum + weight, 0);

export function pickDeed(draws: Draws): { readonly name: string; readonly act: Act } {
  let left = draws.fraction() * TOTAL;
  for (const [name, weight, act] of DEEDS) {
    left -= weight;
    if (left < 0) return { name, act };
  }
  throw new Error('the weights of the deeds do not add up');
}

/** `undefined` where nobody answered, or it was refused. */
export async function createRoom({ client }: Person, request: object): Promise<string | undefined> {
  const answer = await client.insist('POST', `${API}/createRoom`, request);
  const roomId = answer?.body['room_id'];
  return typeof roomId === 'string' ? roomId : undefined;
}
