/** A room as somebody who acts in it needs it. */
export interface KnownRoom {
  readonly roomId: string;
  readonly version: string;
  /** Servers that may let others in. */
  readonly via: readonly string[];
}

/** What people tell each other outside of all rooms, where they were told themselves that it is there. */
export class KnownThings {
  readonly rooms: KnownRoom[] = [];
  /** Rooms by their aliases. */
  readonly aliases = new Map<string, string>();
  /** Rooms that somebody wanted replaced: their aliases may have moved. */
  readonly replaced = new Set<string>();
  /** Addresses of files. */
  readonly files: string[] = [];
}
