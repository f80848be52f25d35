import { runSuite } from '../test/run-suite.ts';
import type { Tally } from '../test/tally.ts';
import type { Budget } from './parts.ts';

export function runProgram(file: string, { minutes, seed, env }: Budget): Promise<Tally> {
  return runSuite([file, '--minutes', String(minutes), '--seed', String(seed)], env);
}
