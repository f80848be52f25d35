import type { Timers } from '@hansa/net';
import type { RoomId } from '@hansa/protocol';
import type { Readers } from '@hansa/storage';
import type { Environment } from './environment.ts';
import type { SignatureChecker } from './federation-port.ts';
import type { Lanes } from './lane/lanes.ts';

/** What it takes to work on rooms together with other servers. */
export interface WorkPorts {
  readonly env: Environment;
  readonly lanes: Lanes;
  readonly readers: Pick<Readers, 'events' | 'rooms' | 'stage' | 'thresholds'>;
  readonly timers: Timers;
  readonly signatures: SignatureChecker;
  /** Called when something is staged, or has come that staged events may have waited for. */
  readonly poke: (roomId: RoomId) => void;
  readonly report: (problem: string, cause: unknown) => void;
}
