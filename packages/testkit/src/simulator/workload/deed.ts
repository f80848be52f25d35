import type { ClientAnswer } from '../clients/simulated-client.ts';
import type { Draws } from '../world/draws.ts';
import type { KnownRoom, KnownThings } from './known-things.ts';
import type { Person } from './person.ts';

/** What somebody does: requests as a client makes them, some of which are refused. */
export interface Deed {
  readonly who: Person;
  readonly room: KnownRoom;
  readonly people: readonly Person[];
  readonly known: KnownThings;
  readonly draws: Draws;
}

/** `undefined` where nobody answered, or nothing was asked. */
export type Act = (deed: Deed) => Promise<ClientAnswer | undefined>;
