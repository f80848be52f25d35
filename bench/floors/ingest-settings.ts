import type { Place } from './destination.ts';

/** Of the floor of W3. */
export interface IngestSettings {
  readonly folder: string;
  readonly clientPort: number;
  /** Who is asked. */
  readonly peer: Place;
  /** A PEM file. */
  readonly authority: string;
}
