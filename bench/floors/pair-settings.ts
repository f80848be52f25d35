import type { Place } from './destination.ts';

/** Of one of the two servers of the floor of W2. */
export interface PairSettings {
  readonly folder: string;
  readonly clientPort: number;
  readonly federationPort: number;
  readonly server: string;
  /** Of clients. */
  readonly token: string;
  /** Whether it hands on what it is sent. */
  readonly sends: boolean;
  readonly peer: Place;
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}
