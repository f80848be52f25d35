import type { RoomVersionRules } from './rules.ts';
import { v11 } from './v11.ts';

/** A room is named by its create event, creators stand above all levels. Source: rooms/v12.md. */
export const v12: RoomVersionRules = {
  ...v11,
  id: '12',
  roomIdFormat: 'create-event-hash',
  auth: { ...v11.auth, privilegedCreators: true },
  stateResolution: 'v2.1',
  strippedStateIsPdus: true,
};
