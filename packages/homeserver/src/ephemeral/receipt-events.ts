import type { Receipt } from '@hansa/storage';
import type { EventBatch } from '@hansa/protocol/wire';

/** Receipts as `m.receipt` events, one for each thread. Source: client-server API, "m.receipt". */
export function receiptEvents(receipts: readonly Receipt[]): EventBatch['events'] {
  const byThread = Map.groupBy(receipts, ({ threadId }) => threadId);
  return [...byThread.values()].map((ofThread) => ({
    type: 'm.receipt',
    content: nested(
      ofThread,
      ({ eventId }) => eventId,
      (ofEvent) =>
        nested(
          ofEvent,
          ({ type }) => type,
          (ofType) =>
            Object.fromEntries(
              ofType.map(({ userId, ts, threadId }) => [
                userId,
                { ts, ...(threadId === undefined ? {} : { thread_id: threadId }) },
              ]),
            ),
        ),
    ),
  }));
}

function nested<T>(
  receipts: readonly Receipt[],
  keyOf: (receipt: Receipt) => string,
  inner: (receipts: readonly Receipt[]) => T,
): { readonly [key: string]: T } {
  const groups = [...Map.groupBy(receipts, keyOf)];
  return Object.fromEntries(groups.map(([key, group]) => [key, inner(group)]));
}
