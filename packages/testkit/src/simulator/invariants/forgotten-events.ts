import type { SimulatedServer } from '../servers/simulated-server.ts';

const FORGOTTEN = /(\$\S+) is forgotten: what it needs did not come/;

/** The event that a server says to have given up, as nobody showed it what leads to that. */
export function forgottenIn(problem: string): string | undefined {
  return FORGOTTEN.exec(problem)?.[1];
}

/** All that it has given up. */
export function forgottenEvents({ problems }: SimulatedServer): ReadonlySet<string> {
  return new Set(problems.map(forgottenIn).filter((eventId) => eventId !== undefined));
}
