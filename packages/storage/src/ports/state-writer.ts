import type { EventId, RoomId } from '@hansa/protocol';
import type { Position } from './position.ts';
import type { StateRef } from './state-store.ts';

export interface StateWriter {
  openTimeline(timeline: {
    readonly timeline: number;
    readonly roomId: RoomId;
    readonly parent: StateRef | undefined;
    readonly depth: number;
  }): void;
  appendRow(row: {
    readonly roomId: RoomId;
    readonly timeline: number;
    readonly at: number;
    readonly type: string;
    readonly stateKey: string;
    readonly event: EventId | undefined;
    readonly previous: EventId | undefined;
    /** On main timelines only. */
    readonly position?: Position | undefined;
  }): void;
  /** Replaces what a floor row holds, or removes it: the room's history now begins before it. */
  setFloor(
    roomId: RoomId,
    timeline: number,
    key: { readonly type: string; readonly stateKey: string },
    event: EventId | undefined,
  ): void;
}
