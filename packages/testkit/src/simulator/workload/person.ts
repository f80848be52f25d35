import type { Reader } from '../clients/reader.ts';
import type { SimulatedClient } from '../clients/simulated-client.ts';

/** Somebody who has an account at a server, reads and acts. */
export interface Person {
  readonly client: SimulatedClient;
  readonly reader: Reader;
}
