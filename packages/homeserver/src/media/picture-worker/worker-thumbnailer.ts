import type { Timers } from '@hansa/net';
import { stopping } from '../../matrix-error.ts';
import {
  BadPictureError,
  CostlyPictureError,
  type Picture,
  type Rendering,
  type Thumbnailer,
} from '../thumbnailer.ts';
import type { PictureAnswer, PictureJob } from './picture-jobs.ts';
import type { StartPictureProcess } from './picture-process.ts';
import { PictureWorker } from './picture-worker.ts';

/** How long a process lives that nothing is asked of. */
const IDLE_MS = 60_000;

interface Ports {
  readonly startProcess: StartPictureProcess;
  readonly timers: Timers;
}

interface IdleWorker {
  readonly worker: PictureWorker;
  readonly keep: () => void;
}

/**
 * Reads pictures in processes of their own: as many as it is asked for at a time, started when they are needed, used again,
 * and ended when they are not.
 */
export class WorkerThumbnailer implements Thumbnailer {
  readonly #ports: Ports;
  readonly #idle: IdleWorker[] = [];
  readonly #busy = new Set<PictureWorker>();
  #hasStopped = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async measure(bytes: Uint8Array): Promise<Picture> {
    const answer = await this.#run({ what: 'measure', bytes });
    if (answer.what === 'measured') return answer.picture;
    throw errorOf(answer);
  }

  async render(bytes: Uint8Array, how: Rendering): Promise<Uint8Array> {
    const answer = await this.#run({ what: 'render', bytes, how });
    if (answer.what === 'rendered') return answer.bytes;
    throw errorOf(answer);
  }

  /** Ends all processes; what they work on rejects with 503. */
  stop(): void {
    this.#hasStopped = true;
    for (const { worker, keep } of this.#idle.splice(0)) {
      keep();
      worker.end();
    }
    for (const worker of this.#busy) worker.end();
  }

  async #run(job: PictureJob): Promise<PictureAnswer> {
    if (this.#hasStopped) throw stopping();
    const worker = this.#take();
    this.#busy.add(worker);
    try {
      return await worker.run(job);
    } catch (error) {
      throw this.#hasStopped ? stopping() : error;
    } finally {
      this.#busy.delete(worker);
      this.#giveBack(worker);
    }
  }

  #take(): PictureWorker {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      idle.keep();
      if (!idle.worker.hasEnded) return idle.worker;
    }
    const { startProcess, timers } = this.#ports;
    return new PictureWorker(startProcess(), timers);
  }

  #giveBack(worker: PictureWorker): void {
    if (worker.hasEnded || this.#hasStopped) return;
    const keep = this.#ports.timers.after(IDLE_MS, () => {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      worker.end();
    });
    const idle = { worker, keep };
    this.#idle.push(idle);
  }
}

function errorOf(answer: PictureAnswer): Error {
  if (answer.what === 'bad') return new BadPictureError(answer.reason);
  if (answer.what === 'costly') return new CostlyPictureError(answer.reason);
  return new Error(`the process that reads pictures answered "${answer.what}"`);
}
