import { serverOf } from '@hansa/protocol';
import type { EventId, RoomId, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { Readers, Residence, RoomFloor, StateRef } from '@hansa/storage';
import { KnownKeys } from './known-keys.ts';
import { TipDifferences } from './tip-differences.ts';

/** An accepted timeline event that no accepted event reaches. */
export interface Extremity {
  readonly depth: number;
  readonly after: StateRef;
  /** Of its sender. */
  readonly server: ServerName;
}

/** What a lane knows of its room without reading: where it stands after all that was decided. */
export interface RoomHead {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
  readonly residence: Residence;
  /** Newest state of the main timeline, which is the current state; undefined outside. */
  readonly current: StateRef | undefined;
  readonly extremities: ReadonlyMap<EventId, Extremity>;
  readonly tips: TipDifferences;
  readonly known: KnownKeys;
  /** How many users of each server are joined. */
  readonly joined: ReadonlyMap<ServerName, number>;
  /** Lowest stream position that backfill gave out. */
  readonly lowestPosition: number;
  readonly floor: RoomFloor;
}

export async function loadRoomHead(
  readers: Readers,
  roomId: RoomId,
): Promise<RoomHead | undefined> {
  const room = await readers.rooms.find(roomId);
  if (room === undefined) return undefined;
  const { rules, residence, main, lowestPosition, floor } = room;
  const extremities = new Map<EventId, Extremity>();
  for (const eventId of await readers.rooms.listExtremities(roomId)) {
    const event = await readers.events.find(roomId, eventId);
    if (event?.after === undefined) throw new Error(`the extremity ${eventId} has no state`);
    const { depth, after, pdu } = event;
    extremities.set(eventId, { depth, after, server: serverOf(pdu.sender) });
  }
  const current =
    main === undefined
      ? undefined
      : { timeline: main, at: (await readers.states.getTimeline(main)).head };
  const joined = await readers.rooms.countJoined(roomId);
  return {
    roomId,
    rules,
    residence,
    current,
    extremities,
    tips: new TipDifferences(),
    known: new KnownKeys(),
    joined,
    lowestPosition,
    floor,
  };
}
