import { powerLevelsOf } from '@hansa/protocol';
import type { RoomId, UserId } from '@hansa/protocol';
import { MatrixError } from '../../matrix-error.ts';
import { isOurs } from '../environment.ts';
import { appendOwn } from '../funnel/append-own.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** Says nothing. Other servers use the same type for the same purpose. */
const TYPE = 'org.matrix.dummy_event';

/** Events of ours that one run writes for it: some 20 forks each. */
const MAX_TURNS = 50;

/**
 * Merges forks by events of ours, so that those that wait can come in although nobody here has anything to say.
 * Answers whether any were merged: somebody of ours has to have the power for it.
 */
export async function mergeForks(ports: InboundPorts, roomId: RoomId): Promise<boolean> {
  const { value: sender } = await ports.lanes.run(roomId, (draft) => findMerger(ports, draft));
  if (sender === undefined) return false;
  let merged = false;
  try {
    // Each turn leaves fewer. Who makes more of them meanwhile is not waited for.
    for (let turn = 0; turn < MAX_TURNS; turn += 1) {
      const work = (draft: RoomDraft): Promise<boolean> => mergeOnce(ports, draft, sender);
      if (!(await ports.lanes.run(roomId, work)).value) break;
      merged = true;
    }
  } catch (error) {
    // The room's rules allow none of ours, or its lane is full: what waits goes on waiting.
    if (!(error instanceof MatrixError)) throw error;
  }
  return merged;
}

async function mergeOnce(
  { env }: InboundPorts,
  draft: RoomDraft,
  sender: UserId,
): Promise<boolean> {
  const { head } = draft;
  if (head?.residence !== 'joined' || head.extremities.size < 2) return false;
  await appendOwn(env, draft, { type: TYPE, sender, content: {} });
  return true;
}

async function findMerger({ env }: InboundPorts, draft: RoomDraft): Promise<UserId | undefined> {
  const { head } = draft;
  if (head?.residence !== 'joined' || head.current === undefined) return undefined;
  const lookup = await lookUpKeys(draft, head.current, [
    ['m.room.create', ''],
    ['m.room.power_levels', ''],
  ]);
  const levels = powerLevelsOf(lookup, draft.rules);
  const joined = await draft.members.list('join');
  return joined.find(
    (userId) => isOurs(env, userId) && levels.user(userId) >= levels.event(TYPE, false),
  );
}
