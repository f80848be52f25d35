import type { Timers } from '@hansa/net';
import { LethalPictureError } from '../thumbnailer.ts';
import { readFrames, type Frame } from './frames.ts';
import {
  decodeAnswer,
  encodeJob,
  MAX_FRAME_BYTES,
  type PictureAnswer,
  type PictureJob,
} from './picture-jobs.ts';
import type { PictureProcess } from './picture-process.ts';

/** Of the whole process, its programs among them. */
const MAX_PROCESS_BYTES = 256 * 1024 * 1024;
/** What has not been given back by then is fragments: the next picture gets a new process, with all of the bound. */
const WORN_PROCESS_BYTES = 160 * 1024 * 1024;
const LOOK_EVERY_MS = 20;
/** Of one job, and of the start before the first: more than the decoders give themselves. */
const MAX_JOB_MS = 20_000;

/** One process that reads pictures, one at a time; it is killed where one takes too much or too long. */
export class PictureWorker {
  readonly #process: PictureProcess;
  readonly #timers: Timers;
  readonly #frames: AsyncGenerator<Frame, void>;
  /** What it says next. Always waited for, so that the end of an idle process is seen before it gets another job. */
  #upcoming: Promise<PictureAnswer | undefined>;
  #isReady = false;
  #hasEnded = false;
  /** Why it was killed. */
  #breach: string | undefined;

  constructor(process: PictureProcess, timers: Timers) {
    this.#process = process;
    this.#timers = timers;
    this.#frames = readFrames(process.output, MAX_FRAME_BYTES);
    this.#upcoming = this.#read();
  }

  /** Whether it takes no more jobs. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * One at a time.
   * @throws LethalPictureError where it ended with this one; another error where it never began
   */
  async run(job: PictureJob): Promise<PictureAnswer> {
    const watching = new AbortController();
    const cancel = this.#timers.after(MAX_JOB_MS, () => {
      this.#kill(`it took longer than ${MAX_JOB_MS} ms`);
    });
    const watched = this.#watchMemory(watching.signal);
    try {
      if (!this.#isReady) await this.#start();
      this.#process.write(encodeJob(job));
      const answer = await this.#next();
      if (answer === undefined) throw new LethalPictureError(this.#describeEnd());
      return answer;
    } catch (error) {
      this.end();
      throw error;
    } finally {
      cancel();
      watching.abort();
      await watched;
    }
  }

  /** Also in the middle of a job, which rejects. */
  end(): void {
    this.#hasEnded = true;
    this.#process.kill();
  }

  async #start(): Promise<void> {
    const answer = await this.#next();
    this.#isReady = answer?.what === 'ready';
    if (!this.#isReady) {
      throw new Error(`the process that reads pictures did not start: ${this.#describeEnd()}`);
    }
  }

  async #next(): Promise<PictureAnswer | undefined> {
    const answer = await this.#upcoming;
    if (answer !== undefined) this.#upcoming = this.#read();
    return answer;
  }

  #read(): Promise<PictureAnswer | undefined> {
    const reading = this.#readFrame();
    // Told to whoever has the next job, who may come late.
    reading.catch(() => this.end());
    return reading;
  }

  async #readFrame(): Promise<PictureAnswer | undefined> {
    const { value } = await this.#frames.next();
    if (value !== undefined) return decodeAnswer(value);
    this.#hasEnded = true;
    return undefined;
  }

  /** Until the job is done, and once more then. */
  async #watchMemory(signal: AbortSignal): Promise<void> {
    for (;;) {
      const bytes = (await this.#process.residentBytes()) ?? 0;
      if (signal.aborted) {
        if (bytes > WORN_PROCESS_BYTES) this.end();
        return;
      }
      if (bytes > MAX_PROCESS_BYTES) {
        this.#kill(`it took more than ${MAX_PROCESS_BYTES} bytes of memory`);
      }
      await this.#timers.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    }
  }

  #kill(breach: string): void {
    this.#breach ??= breach;
    this.end();
  }

  #describeEnd(): string {
    return this.#breach ?? this.#process.describeEnd();
  }
}
