import type { Pieces } from './picture-jobs.ts';

/** A process of its own that reads pictures, as its starter sees it. */
export interface PictureProcess {
  /** What it says; ends with it, whatever ended it, and then rejects never. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Nothing where it has ended. */
  write(pieces: Pieces): void;
  /** What it has in memory; `undefined` where that cannot be told, as of one that has ended. */
  residentBytes(): Promise<number | undefined>;
  /** At once, whatever it does. Nothing where it has ended. */
  kill(): void;
  /** How it ended, in words, once its output has. */
  describeEnd(): string;
}

/** Answers at once; one that cannot be started ends without a word. */
export type StartPictureProcess = () => PictureProcess;
