import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** What a figure depends on besides the code. */
export interface Environment {
  readonly node: string;
  readonly v8: string;
  readonly sqlite: string;
  readonly openssl: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cpus: number;
  /** Average number of processes that wanted to run in the last minute, at the start of the run. */
  readonly load: number;
}

export function describeEnvironment(): Environment {
  const all = cpus();
  return {
    node: process.version,
    v8: process.versions.v8,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    openssl: process.versions.openssl,
    platform: `${process.platform} ${process.arch}`,
    cpu: all[0]?.model ?? 'unknown',
    cpus: all.length,
    load: readLoad(),
  };
}

/** Average number of processes that wanted to run in the last minute. */
export function readLoad(): number {
  return loadavg()[0] ?? 0;
}

/** CPU time of the machine so far, in ticks; `undefined` where the system does not tell. */
export interface MachineTicks {
  readonly total: number;
  /** Taken by others that share the machine. */
  readonly stolen: number;
}

export function readMachineTicks(): MachineTicks | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const ticks = line.split(/\s+/).slice(1, 9).map(Number);
    return { total: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
  } catch {
    return undefined;
  }
}

/** Share of the machine's CPU time that others took since `start`. */
export function stolenSince(start: MachineTicks | undefined): number | null {
  const end = readMachineTicks();
  if (start === undefined || end === undefined || end.total === start.total) return null;
  return (end.stolen - start.stolen) / (end.total - start.total);
}
