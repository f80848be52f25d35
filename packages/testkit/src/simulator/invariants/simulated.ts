import type { ServerName, SigningKey } from '@hansa/protocol';
import type { Person } from '../workload/person.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Ledger } from './ledger.ts';

/** What the invariants look at. With a hostile server among them, `servers` and `people` are the honest ones. */
export interface Simulated {
  readonly servers: readonly SimulatedServer[];
  readonly people: readonly Person[];
  /** The hostile one too: what stands before what may be known to it alone, where others came in through it. */
  readonly everybody: readonly SimulatedServer[];
  readonly ledger: Ledger;
  /** Of all servers. */
  readonly keys: ReadonlyMap<ServerName, Pick<SigningKey, 'keyId' | 'publicKey'>>;
  /** Name of the one that lies, where there is one. */
  readonly hostile: string | undefined;
  /** Rooms that it gave to somebody who came in otherwise than they are: nothing in Matrix protects against that. */
  readonly misled: ReadonlySet<string>;
}

/** One that must hold: what breaks it, in words, or nothing. */
export type Invariant = (simulated: Simulated) => Promise<readonly string[]> | readonly string[];
