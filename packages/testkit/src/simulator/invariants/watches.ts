import type { SimulatedNetwork } from '../network/simulated-network.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import { AccessWatch } from './access-lists-hold.ts';
import { AnswerLedger } from './answers-are-kept.ts';
import { FileLedger, watchFiles } from './files-are-whole.ts';
import { Ledger } from './ledger.ts';
import { watchPositions } from './positions-only-grow.ts';

/** What watches the network while a run goes on. */
export class Watches {
  /** Who told whom of what, for the invariants that are looked at afterwards. */
  readonly ledger: Ledger;
  readonly #access: AccessWatch;
  readonly #files = new FileLedger();
  readonly #answers: AnswerLedger;

  constructor(network: SimulatedNetwork, isHonest: (server: string) => boolean) {
    this.ledger = new Ledger(network, isHonest);
    this.#access = new AccessWatch(network, isHonest);
    this.#answers = new AnswerLedger(network);
    for (const watch of [this.#access, this.ledger, this.#files, this.#answers]) {
      network.watch(watch);
    }
  }

  /** What they saw go wrong, in words. */
  async faults(): Promise<readonly string[]> {
    return [...this.#files.faults, ...this.#answers.faults, ...(await this.#access.faults())];
  }
}

/** Watches each commit of a server; what is wrong with one is added to `faults`. */
export function watchCommits(server: SimulatedServer, faults: string[]): void {
  watchPositions(server, faults);
  watchFiles(server, faults);
}
