import type { Simulated } from './invariants/simulated.ts';
import { drawProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import type { BreakServer } from './servers/break-server.ts';
import { Simulation } from './simulation.ts';
import { Draws } from './world/draws.ts';
import { Trace } from './world/trace.ts';
import { World } from './world/world.ts';

export interface SimulationOptions {
  /** Given each line of the trace. */
  readonly print?: (line: string) => void;
  /** Servers that are wrong on purpose. */
  readonly breakServer?: BreakServer;
  /** In place of what the seed says. */
  readonly profile?: Partial<Profile>;
  /** Shown what is there in the end. */
  readonly inspect?: (simulated: Simulated) => void;
}

export interface SimulationResult {
  readonly seed: number;
  /** Of all decisions. */
  readonly hash: string;
  /** What broke an invariant; empty where all hold. */
  readonly faults: readonly string[];
  readonly profile: Profile;
  /** Milliseconds of virtual time. */
  readonly lengthMs: number;
  readonly steps: number;
}

/** Whole servers on virtual time, with every fault that the seed says, then without; and whether all holds that must. */
export async function simulate(
  seed: number,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const trace = new Trace(options.print);
  const draws = new Draws(`seed ${seed}`);
  const profile = { ...drawProfile(draws), ...options.profile };
  trace.note(JSON.stringify(profile));
  const world = new World(draws, trace);
  const simulation = new Simulation({ world, draws, profile, breakServer: options.breakServer });
  const faults = await simulation.run(options.inspect);
  for (const fault of faults) trace.note(`BROKEN ${fault}`);
  return { seed, hash: trace.digest, faults, profile, lengthMs: world.now, steps: world.steps };
}
