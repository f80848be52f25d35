import type { JsonObject } from './json.ts';

/** An event as clients get it; without `room_id` where the answer names the room around it. Source: client-server API, "Room event format". */
export type ClientEvent = {
  readonly event_id: string;
  readonly room_id?: string;
  readonly type: string;
  /** Present exactly on state events. */
  readonly state_key?: string;
  readonly sender: string;
  /** Milliseconds since the epoch, by the clock of the sender's server. */
  readonly origin_server_ts: number;
  readonly content: JsonObject;
  /** Redactions only, in every room version; also in `content`. */
  readonly redacts?: string;
  readonly unsigned?: ClientEventUnsigned;
};

/** What the reader's own homeserver says about an event. */
export type ClientEventUnsigned = {
  /** Milliseconds since the event was sent, as far as clocks agree. */
  readonly age?: number;
  readonly transaction_id?: string;
  readonly prev_content?: JsonObject;
  readonly replaces_state?: string;
  readonly redacted_because?: ClientEvent;
  /** Of the reader, at the event. */
  readonly membership?: string;
};
