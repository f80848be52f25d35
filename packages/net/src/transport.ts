import type { ServerName } from '@hansa/protocol';

/** Requests to other Matrix servers, by name: finding the server, TLS, and bounds on time and bytes are its part. */
export interface Transport {
  /** Any HTTP answer is an answer; what prevents one is a `RemoteServerError`, or the signal's reason. */
  request(request: OutgoingRequest): Promise<IncomingAnswer>;
  close(): Promise<void>;
}

export interface OutgoingRequest {
  /** As its users' ids have it, before any delegation. */
  readonly server: ServerName;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, percent-encoded; goes out exactly as it is here. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly limits: AnswerLimits;
  readonly signal?: AbortSignal;
}

export interface AnswerLimits {
  /** Of the answer's body; more of it is not read. */
  readonly maxBytes: number;
  /** From the connection to the last byte. The search for the server comes before, with bounds of its own. */
  readonly timeoutMs: number;
}

export interface IncomingAnswer {
  readonly status: number;
  /** By lower-case name; the first value of a repeated header. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}
