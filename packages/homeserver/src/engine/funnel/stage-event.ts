import type { Pdu, ServerName } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** What a transaction's answer says of one PDU: `undefined` is accepted or staged. */
export type ReceiveAnswer = { readonly error: string } | undefined;

export const NOT_IN_ROOM = { error: 'this server is not in the room' } as const;

export const STAGE_IS_FULL = { error: 'too many events of this room wait for others' } as const;

/** Held durably until what it needs is here, so that the origin may forget it. */
export async function stageEvent(
  env: Environment,
  draft: RoomDraft,
  pdu: Pdu,
  origin: ServerName,
): Promise<ReceiveAnswer> {
  // Beyond the bound it is not kept. What comes later names it, and it is asked for then.
  if ((await draft.countStaged()) >= env.limits.stagedInRoom) return STAGE_IS_FULL;
  draft.stage(pdu, origin, env.clock.now());
  return undefined;
}
