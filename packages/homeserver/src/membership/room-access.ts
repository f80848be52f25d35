import type { RoomId, UserId } from '@hansa/protocol';
import type { RoomViews, StateView } from '../engine/room-views.ts';
import { forbidden } from '../matrix-error.ts';

/** How far a user may read a room. */
export interface RoomAccess {
  /** `Infinity` for somebody in the room, the position of the last leave for somebody who was. */
  readonly upTo: number;
  readonly state: StateView;
}

type Reads = Pick<RoomViews, 'currentState' | 'membershipsOf' | 'stateAtPosition'>;

/** @throws MatrixError `M_FORBIDDEN` for who was never in the room */
export async function roomAccess(
  views: Reads,
  roomId: RoomId,
  userId: UserId,
): Promise<RoomAccess> {
  const memberships = await views.membershipsOf(userId);
  const membership = memberships.find((candidate) => candidate.roomId === roomId);
  switch (membership?.membership) {
    case 'join':
      return { upTo: Infinity, state: await views.currentState(roomId) };
    case 'leave':
    case 'ban': {
      if (membership.strippedState !== undefined) break;
      const { position } = membership;
      return { upTo: position, state: await views.stateAtPosition(roomId, position) };
    }
    case 'invite':
    case 'knock':
    case undefined:
  }
  throw forbidden('You are not in this room.');
}
