import type { EventId } from '@hansa/protocol';
import type { Refusal } from '@hansa/storage';
import type { Work } from './find-work.ts';

/** Those events of a transaction that were refused, as the store keeps them. */
export function refusalsOf(
  of: Pick<Refusal, 'server' | 'at'>,
  events: Work['events'],
  refused: ReadonlyMap<EventId, string>,
): readonly Refusal[] {
  return events.flatMap(({ pdu, position }) => {
    const error = refused.get(pdu.eventId);
    return error === undefined ? [] : [{ ...of, position, error }];
  });
}
