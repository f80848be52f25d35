import type { Pdu, RoomId, ServerName } from '@hansa/protocol';

/**
 * What is still to send, as a cursor per destination over the event stream: an outage of any length costs
 * a row, not a row per event.
 */
export interface Destination {
  readonly server: ServerName;
  /** Every event due to it up to here was acknowledged. */
  readonly cursor: number;
  /** Of a transaction that failed, or that we stopped in: to be tried again with the same id and bounds, so with the same content. */
  readonly attempt: { readonly transactionId: string; readonly upTo: number } | undefined;
  /** Consecutive failures, and when to try next (milliseconds since the epoch). */
  readonly failures: number;
  readonly retryAt: number | undefined;
}

/** One that nothing was sent to yet: all that its stays hold is due. */
export function newDestination(server: ServerName): Destination {
  return { server, cursor: 0, attempt: undefined, failures: 0, retryAt: undefined };
}

/** Positions: above `after`, and not above `upTo`; without that, up to the last. */
export interface DueQuery {
  readonly server: ServerName;
  readonly after: number;
  readonly upTo?: number;
  /** Of events. */
  readonly limit: number;
}

export interface DueEvents {
  readonly events: readonly { readonly pdu: Pdu; readonly position: number }[];
  /** Nothing further is due up to here: what the cursor may move to once `events` are acknowledged. */
  readonly upTo: number;
  /** Nothing further is due above it, either, as things stand. */
  readonly isAll: boolean;
}

export interface DestinationReader {
  find(server: ServerName): Promise<Destination | undefined>;
  /** All that have something due now or an attempt to make again. */
  listWithWork(): Promise<readonly Destination[]>;
  /** Servers of others in the rooms that we are in, by name, the first `limit` of them. */
  listServersInRooms(limit: number): Promise<readonly ServerName[]>;
  /**
   * Events flagged to be sent, of rooms where the server was in at that position (its own leave or ban
   * included), above `after` and up to `upTo`, oldest first.
   */
  listDue(query: DueQuery): Promise<DueEvents>;
  /** Servers that the event at this position is or was due to, by name, those after `after`; at most `limit`. */
  listTargets(query: {
    readonly roomId: RoomId;
    readonly position: number;
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly Destination[]>;
  /** Who refused the event at this position, by name. */
  listRefusals(position: number): Promise<readonly Refusal[]>;
}

/** A PDU that a server answered for with an error. */
export interface Refusal {
  readonly server: ServerName;
  readonly position: number;
  readonly error: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How long a refusal is kept, and of how many positions of one server, the newest. */
export const REFUSAL_AGE_MS = 30 * 24 * 60 * 60 * 1_000;
export const MAX_REFUSALS_A_SERVER = 1_000;

export interface DestinationWriter {
  put(destination: Destination): void;
  /**
   * A PDU that the server refused, for the delivery state that its sender sees. Those that are older than `REFUSAL_AGE_MS`
   * then, and those of this server beyond `MAX_REFUSALS_A_SERVER`, are forgotten.
   */
  insertRefusal(refusal: Refusal): void;
}
