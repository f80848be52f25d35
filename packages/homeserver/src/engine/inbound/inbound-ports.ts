import type { Timers } from '@hansa/net';
import type { RoomId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { SignatureChecker } from '../federation-port.ts';
import type { Lanes } from '../lane/lanes.ts';
import type { GapQuestions } from './answer-in-time.ts';
import type { ClaimQuota } from './claim-quota.ts';

/** What it takes to bring events of other servers into rooms that we are in. */
export interface InboundPorts {
  readonly env: Environment;
  readonly lanes: Lanes;
  readonly store: Store;
  readonly timers: Timers;
  readonly federation: GapQuestions;
  readonly signatures: SignatureChecker;
  readonly claims: ClaimQuota;
  /** Called when something is staged, or has come that staged events may have waited for. */
  readonly poke: (roomId: RoomId) => void;
  /** The same, later; in place of what was called for later in that room before. */
  readonly pokeAfter: (roomId: RoomId, delayMs: number) => void;
  readonly report: (problem: string, cause: unknown) => void;
}
