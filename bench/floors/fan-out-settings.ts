import type { Place } from './destination.ts';

/** Of the floor of W5. */
export interface FanOutSettings {
  readonly folder: string;
  readonly clientPort: number;
  readonly server: string;
  /** Of clients. */
  readonly token: string;
  readonly to: readonly Place[];
  /** A PEM file. */
  readonly authority: string;
}
