import { contract } from './contract.ts';
import { postgres } from './postgres.ts';
import type { Provision, Say } from './provision.ts';
import { strace } from './strace.ts';
import { synapse } from './synapse.ts';

const provisions: readonly Provision[] = [synapse, contract, postgres, strace];

export interface Prepared {
  /** The environment by which tests find what was prepared. */
  readonly env: Readonly<Record<string, string>>;
  /** One sentence for each thing that could not be had: its tests are skipped. */
  readonly missing: readonly string[];
}

/** Provides what is named, one after the other. What cannot be had is no error here: it is said loudly. */
export async function prepare(names: readonly string[], say: Say): Promise<Prepared> {
  const env: Record<string, string> = {};
  const missing: string[] = [];
  for (const name of names) {
    const provision = provisions.find((each) => each.name === name);
    if (provision === undefined) throw new Error(`Nothing provides "${name}"`);
    if (process.env[provision.variable]) continue;
    const provided = await provision.provide(say);
    if (provided.ok) {
      env[provision.variable] = provided.value;
    } else {
      const sentence = `${name} is not there, its tests are skipped. Install ${provided.lacks}.`;
      say(`SKIPPED: ${sentence}\n${provided.reason.trimEnd().replaceAll(/^/gm, '    ')}`);
      missing.push(sentence);
    }
  }
  return { env, missing };
}
