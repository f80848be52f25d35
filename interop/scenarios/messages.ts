import { deadline, pageBack, requireSame, type MatrixClient } from '@hansa/testkit';
import { sees } from './sees.ts';

/** Between two looks at what has to come. */
const PAUSE_MS = 250;

/** Each says something and all others hear it, once and in order. */
export async function talk(
  room: string,
  people: readonly MatrixClient[],
  topic: string,
): Promise<void> {
  for (const speaker of people) {
    const bodies = [1, 2, 3].map((n) => `${topic} ${n} from ${speaker.userId}`);
    for (const body of bodies) await speaker.sendText(room, body);
    for (const listener of people) await hearsInOrder(listener, room, bodies);
  }
}

/** Of these messages, all and nothing twice, as `/sync` tells them. */
export async function hearsInOrder(
  listener: MatrixClient,
  room: string,
  bodies: readonly string[],
): Promise<void> {
  const heard = () => among(bodies, listener.room(room).bodies());
  const until = {
    signal: deadline('messages').signal,
    get what() {
      return describeMissing(bodies, heard());
    },
  };
  await listener.until(() => heard().length >= bodies.length, until);
  requireSame(`what ${listener.userId} heard`, heard(), bodies);
}

/**
 * The same for somebody whose server may have left out some, and tells them when asked for what was before: of a room
 * in which more than a hundred events wait Synapse drops the older ones.
 */
export async function readsInOrder(
  reader: MatrixClient,
  room: string,
  bodies: readonly string[],
): Promise<void> {
  const last = () => reader.room(room).bodies().includes(bodies.at(-1));
  await sees(reader, `"${String(bodies.at(-1))}"`, last, true);
  const { signal } = deadline('messages');
  for (;;) {
    const messages = (await pageBack(reader, room)).map(({ content }) => content['body']);
    const read = among(bodies, messages);
    if (read.length >= bodies.length) {
      requireSame(`what ${reader.userId} read`, read, bodies);
      return;
    }
    if (signal.aborted) {
      throw new Error(`${reader.userId} never read ${describeMissing(bodies, read)}`);
    }
    await reader.syncOnce(PAUSE_MS);
  }
}

function among(bodies: readonly string[], all: readonly unknown[]): readonly unknown[] {
  const known = new Set<unknown>(bodies);
  return all.filter((body) => known.has(body));
}

function describeMissing(bodies: readonly string[], seen: readonly unknown[]): string {
  const missing = bodies.filter((body) => !seen.includes(body));
  return `${missing.length} of ${bodies.length} messages, the first "${missing[0]}"; the last that came is "${String(seen.at(-1))}"`;
}
