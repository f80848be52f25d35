import { powerLevelsOf } from '@hansa/protocol';
import type { RoomId } from '@hansa/protocol';
import { MatrixError } from '../../matrix-error.ts';
import { isOurs } from '../environment.ts';
import { appendOwn } from '../funnel/append-own.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** Says nothing. Other servers use the same type for the same purpose. */
const TYPE = 'org.matrix.dummy_event';

/**
 * Merges forks by events of ours, so that those that wait can come in although nobody here has anything to say.
 * Answers whether any were merged: somebody of ours has to have the power for it.
 */
export async function mergeForks(ports: InboundPorts, roomId: RoomId): Promise<boolean> {
  let merged = false;
  try {
    // All of them, as there is no telling how many wait; each turn leaves fewer.
    while ((await ports.lanes.run(roomId, (draft) => mergeBy(ports, draft))).value) merged = true;
  } catch (error) {
    // The room's rules allow none of ours, or its lane is full: what waits goes on waiting.
    if (!(error instanceof MatrixError)) throw error;
  }
  return merged;
}

async function mergeBy({ env }: InboundPorts, draft: RoomDraft): Promise<boolean> {
  const { head } = draft;
  if (head?.residence !== 'joined' || head.current === undefined) return false;
  if (head.extremities.size < 2) return false;
  const lookup = await lookUpKeys(draft, head.current, [
    ['m.room.create', ''],
    ['m.room.power_levels', ''],
  ]);
  const levels = powerLevelsOf(lookup, draft.rules);
  const joined = await draft.members.list('join');
  const sender = joined.find(
    (userId) => isOurs(env, userId) && levels.user(userId) >= levels.event(TYPE, false),
  );
  if (sender === undefined) return false;
  await appendOwn(env, draft, { type: TYPE, sender, content: {} });
  return true;
}
