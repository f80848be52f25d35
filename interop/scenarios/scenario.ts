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
  /** Somebody at each, new for this scenario. */
  readonly host: MatrixClient;
  readonly guest: MatrixClient;
  /** Unlike any other of this run. */
  readonly tag: string;
  readonly roomVersion: string;
}
