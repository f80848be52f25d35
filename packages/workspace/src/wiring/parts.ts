import type {
  createApp,
  Log,
  MediaDisk,
  PasswordHasher,
  StartPictureProcess,
} from '@hansa/homeserver';
import type { Effects, Transport } from '@hansa/net';
import type { SigningKey } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Installation } from '../effects/load-installation.ts';
import type { listen } from '../listen.ts';
import type { Measures } from '../metrics/measures.ts';

/** What a workspace has around it besides the effects. What is absent is that of the machine. */
export interface Surroundings {
  readonly transport?: Transport;
  readonly passwords?: PasswordHasher;
  readonly listen?: typeof listen<ReturnType<typeof createApp>>;
}

export interface Parts {
  readonly installation: Pick<
    Installation,
    'config' | 'authorities' | 'clientTls' | 'federationTls'
  > &
    Partial<Pick<Installation, 'socketFile'>>;
  readonly signingKey: SigningKey;
  readonly store: Store;
  readonly mediaDisk: MediaDisk;
  readonly startPictureProcess: StartPictureProcess;
  readonly effects: Effects;
  readonly log: Log;
  /** Nothing is measured without it. */
  readonly measures?: Measures | undefined;
  readonly surroundings?: Surroundings;
}
