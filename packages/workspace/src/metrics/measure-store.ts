import type { Clock } from '@hansa/net';
import type { EventWriter, Store, Verdict } from '@hansa/storage';
import type { Measures } from './measures.ts';

/** The same store, which tells of each part that became durable. */
export function measureStore(store: Store, committed: Measures['committed'], clock: Clock): Store {
  return {
    readers: store.readers,
    incarnation: store.incarnation,
    newTimeline: () => store.newTimeline(),
    close: () => store.close(),
    async transact(record) {
      const verdicts: Verdict[] = [];
      const handedInMs = clock.monotonic();
      const answer = await store.transact((writers) => {
        record({ ...writers, events: noteVerdicts(writers.events, verdicts) });
      });
      committed((clock.monotonic() - handedInMs) / 1000, verdicts);
      return answer;
    },
  };
}

function noteVerdicts(events: EventWriter, verdicts: Verdict[]): EventWriter {
  return {
    put(event) {
      verdicts.push(event.verdict);
      events.put(event);
    },
    setPosition: (...all) => events.setPosition(...all),
    holdRedaction: (...all) => events.holdRedaction(...all),
    releaseRedaction: (...all) => events.releaseRedaction(...all),
    setRedactedBy: (...all) => events.setRedactedBy(...all),
    sendTo: (...all) => events.sendTo(...all),
  };
}
