/** A request to a client API and its answer, as a test client saw them. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `undefined` where nothing was sent, or no JSON. */
  readonly sent: unknown;
  readonly status: number;
  readonly received: unknown;
}

export type WatchExchange = (exchange: Exchange) => void;
