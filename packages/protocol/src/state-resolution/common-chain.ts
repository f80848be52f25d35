import type { EventId } from '../identifiers/brand.ts';
import type { Steps } from './steps.ts';

/**
 * The unconflicted events with their auth chains: what is in the full auth chain of every state without
 * looking at where the states differ.
 */
export interface CommonChain {
  has(eventId: EventId): Steps<boolean>;
}
