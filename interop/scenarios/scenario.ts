import type { MatrixClient } from '@hansa/testkit';
import type { Peer } from '../peer.ts';

/** A conversation in which one server's room is visited by the other's people. */
export interface Scenario {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}

export interface Stage {
  /** Whose room it is. */
  readonly home: Peer;
  readonly away: Peer;
  /** These are the two, by their make. */
  readonly hansa: Peer;
  readonly synapse: Peer;
  /** A third server. */
  readonly secondHansa: Peer;
  /** Somebody at each of the two, new for this run. */
  readonly host: MatrixClient;
  readonly guest: MatrixClient;
  /** Unlike that of any other run. */
  readonly tag: string;
  readonly roomVersion: string;
}
