import type { ClientEvent } from '@hansa/protocol/wire';
import type { MatrixClient } from './matrix-client.ts';

const PAGE = 25;
const MAX_PAGES = 100;

/**
 * Everything that the person may see of the room up to now, the oldest first.
 * @throws Error where there is no end to it
 */
export async function pageBack(
  person: MatrixClient,
  room: string,
): Promise<readonly ClientEvent[]> {
  const events: ClientEvent[] = [];
  let from: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await person.messages(room, { dir: 'b', from, limit: PAGE });
    events.push(...answer.chunk);
    if (answer.end === undefined) return events.toReversed();
    from = answer.end;
  }
  throw new Error(`${person.userId} came to no end after ${events.length} events`);
}
