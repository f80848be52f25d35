import type { EventRecord, Position } from '@hansa/storage';

/** An event that is stored, or decided on and about to be. */
export type KnownEvent = Omit<EventRecord, 'position'> & {
  readonly position: Position | undefined;
};

/** What it says counts for nothing, whatever names it. */
export function isRejected({ verdict }: Pick<KnownEvent, 'verdict'>): boolean {
  return verdict === 'rejected' || verdict === 'quarantined';
}

/** It is known for what it authorises, and has no place in the timeline yet: others were accepted by it. */
export function isRelied(event: KnownEvent | undefined): event is KnownEvent {
  return event?.place === 'outlier' && !isRejected(event);
}
