import type { Timers } from '@hansa/net';
import type { RoomId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { FederationPort, SignatureChecker } from '../federation-port.ts';
import type { Lanes } from '../lane/lanes.ts';

/** What it takes to get into rooms that only other servers know, and out of them. */
export interface ThresholdPorts {
  readonly env: Environment;
  readonly lanes: Lanes;
  readonly store: Store;
  readonly timers: Timers;
  readonly federation: FederationPort;
  readonly signatures: SignatureChecker;
  /** Called when a room has become ours: what was staged for it can be worked off. */
  readonly onJoined: (roomId: RoomId) => void;
  readonly report: (problem: string, cause: unknown) => void;
}
