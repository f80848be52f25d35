import type { Block, Candidate } from './row.ts';

/** Long enough that reading the clock and a pause of the collector do not matter. */
const BLOCK_MICROS = 60_000;
/** Long enough for V8 to have compiled what will run. */
const WARM_UP_MICROS = 250_000;

const NOTHING_RETURNS_THIS = Symbol('nothing returns this');

/** Work within this process. */
export interface Work {
  readonly name: string;
  /** Operations that one call of `run` does. */
  readonly operations: number;
  /** How long a block is to take, where the pauses of the collector matter in a short one. */
  readonly blockMicros?: number;
  /** What it returns is looked at, so that no compiler leaves the work out. */
  run(): unknown;
}

/** Repeats the work for about as long as a block takes. The CPU time counts all threads of the process, the collector's too. */
export function inProcess(work: Work): Candidate {
  let calls = 0;
  return {
    name: work.name,
    block: () => {
      if (calls === 0) calls = callsPerBlock(work);
      return measure(work, calls);
    },
  };
}

function callsPerBlock(work: Work): number {
  const { blockMicros = BLOCK_MICROS } = work;
  let calls = 1;
  let spentMicros = 0;
  for (;;) {
    const { cost: cpuMicros } = measure(work, calls);
    spentMicros += cpuMicros;
    const perCall = cpuMicros / calls;
    if (spentMicros >= WARM_UP_MICROS) return Math.max(1, Math.round(blockMicros / perCall));
    calls = Math.min(calls * 2, Math.max(1, Math.ceil(blockMicros / Math.max(perCall, 0.01))));
  }
}

function measure(work: Work, calls: number): Block {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) {
    if (work.run() === NOTHING_RETURNS_THIS) throw new Error('unreachable');
  }
  const { user, system } = process.cpuUsage(before);
  return { cost: user + system, operations: calls * work.operations };
}
