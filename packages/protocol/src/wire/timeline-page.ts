import type { ClientEvent } from './client-event.ts';

/** Answer of `GET /messages`. Source: client-server API, "Getting events for a room". */
export type TimelinePage = {
  readonly start: string;
  /** Absent when there is nothing beyond. */
  readonly end?: string;
  readonly chunk: readonly ClientEvent[];
  readonly state?: readonly ClientEvent[];
};
