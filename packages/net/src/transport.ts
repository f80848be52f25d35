import type { ServerName } from '@hansa/protocol';

/** Requests to other Matrix servers, by name: finding the server, TLS, and bounds on time and bytes are its part. */
export interface Transport {
  /** Any HTTP answer is an answer; what prevents one is a `RemoteServerError`, or the signal's reason. */
  request(request: OutgoingRequest): Promise<IncomingAnswer>;
  /**
   * The same for answers that are too large to be held: `read` is given the body as it comes, and what it rejects with is
   * rejected with. These have connections of their own, so that no file keeps a transaction waiting.
   */
  receive<T>(request: OutgoingRequest, read: ReadStream<T>): Promise<T>;
  /** By GET from where another server says that something of its is; the failures are told as that server's. */
  receiveFrom<T>(location: Location, read: ReadStream<T>): Promise<T>;
  close(): Promise<void>;
}

export type ReadStream<T> = (answer: StreamedAnswer) => Promise<T>;

/** An answer whose body is still to come. */
export interface StreamedAnswer extends Omit<IncomingAnswer, 'body'> {
  /** Read once, while `read` runs. Fails with what `request` fails with, also where it is longer than the limits allow. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Location {
  /** Who named it. */
  readonly server: ServerName;
  /** `https:`; redirects are followed a few times. Every address is checked as those of servers are. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: AnswerLimits;
  readonly signal?: AbortSignal;
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
