import type { HeldEvent } from './held-events.ts';
import type { Steps } from './steps.ts';

/**
 * The unconflicted events with their auth chains: what is in the full auth chain of every state without
 * looking at where the states differ.
 */
export interface CommonChain {
  /** Whether an event is in it; `undefined` where finding out takes longer: then `finish` is to be called next. */
  look(held: HeldEvent): boolean | undefined;
  /** Goes on with the look that found nothing out. */
  finish(): Steps<boolean>;
}
