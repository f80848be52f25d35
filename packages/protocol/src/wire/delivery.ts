/** How it stands with one of the caller's own events at the servers that it is or was due to. Ours alone. */
export interface DeliveryPage {
  /** By name. Empty where nobody else's server is in the room. */
  readonly servers: readonly ServerDelivery[];
  /** `from` of the next page; absent on the last. */
  readonly next_batch?: string;
}

export type ServerDelivery =
  | { readonly server: string; readonly state: 'delivered' }
  | {
      readonly server: string;
      readonly state: 'waiting';
      /** Attempts in a row that failed; 0: none was made yet, or the last one succeeded. */
      readonly failures: number;
      /** When it is tried again, in milliseconds since the epoch. */
      readonly retry_at?: number;
    }
  | {
      readonly server: string;
      readonly state: 'refused';
      /** In the words of that server. */
      readonly error: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    };
