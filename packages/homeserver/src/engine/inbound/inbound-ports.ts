import type { RoomId } from '@hansa/protocol';
import type { WorkPorts } from '../work-ports.ts';
import type { GapQuestions } from './answer-in-time.ts';
import type { ClaimQuota } from './claim-quota.ts';
import type { StagedEvents } from './staged-events.ts';

/** What it takes to bring events of other servers into rooms that we are in. */
export interface InboundPorts extends WorkPorts {
  readonly federation: GapQuestions;
  readonly claims: ClaimQuota;
  readonly staged: StagedEvents;
  /** The same as `poke`, later; in place of what was called for later in that room before. */
  readonly pokeAfter: (roomId: RoomId, delayMs: number) => void;
}
