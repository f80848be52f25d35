import type { Clock, Random, Timers } from '@hansa/net';
import type { ServerName, SigningKey } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { FederationPort, SignatureChecker } from './federation-port.ts';
import type { EngineLimits } from './limits.ts';

/** What the engine needs of the world. */
export interface EnginePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly signingKey: SigningKey;
  readonly serverName: ServerName;
  readonly federation: FederationPort;
  readonly signatures: SignatureChecker;
  readonly limits?: Partial<EngineLimits>;
  /** Told of what went wrong without anybody waiting for it. */
  readonly report: (problem: string, cause: unknown) => void;
}
