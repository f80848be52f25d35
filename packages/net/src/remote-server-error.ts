import type { ServerName } from '@hansa/protocol';

/** Another server did not do what we asked. What to do next depends on `reachable` and `transient`, not on the message. */
export class RemoteServerError extends Error {
  override readonly name = 'RemoteServerError';
  readonly server: ServerName;
  /** An HTTP answer came back. */
  readonly reachable: boolean;
  /** The same request may succeed later. */
  readonly transient: boolean;
  /** It had more time than it was given. */
  readonly timedOut: boolean;
  /** Its answer is longer than we take. */
  readonly tooLarge: boolean;
  readonly status: number | undefined;
  /** `errcode` of the answer, where it had one. */
  readonly errcode: string | undefined;
  /**
   * How the server was looked for, in words: each step of the discovery and what came of it. For our operator alone, as it
   * may speak of our own network.
   */
  readonly search: readonly string[];
  /** The answer's JSON body, where it had one. Not enumerable: what a peer writes does not belong into our log. */
  declare readonly body: unknown;

  constructor(
    message: string,
    details: {
      readonly server: ServerName;
      readonly reachable: boolean;
      readonly transient: boolean;
      readonly timedOut?: boolean;
      readonly tooLarge?: boolean;
      readonly status?: number;
      readonly errcode?: string;
      readonly body?: unknown;
      readonly search?: readonly string[];
      readonly cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.server = details.server;
    this.reachable = details.reachable;
    this.transient = details.transient;
    this.timedOut = details.timedOut ?? false;
    this.tooLarge = details.tooLarge ?? false;
    this.status = details.status;
    this.errcode = details.errcode;
    this.search = details.search ?? [];
    Object.defineProperty(this, 'body', { value: details.body });
  }
}
