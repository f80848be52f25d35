import type { KeyObject } from 'node:crypto';
import type { JsonObject } from './floors/canonical-json.ts';
import { checkEvent } from './floors/signed-event.ts';
import { VoidBlockError } from './row.ts';

const EVERY = 50;

/** How events that a server acknowledged are had from it again. */
export interface EventSource {
  readonly serverName: string;
  /** Of the server. */
  readonly keys: Readonly<Record<string, KeyObject>>;
  readonly fetch: (eventId: string) => Promise<JsonObject | undefined>;
}

/** Fetches every fiftieth event back. @throws VoidBlockError where one is gone, or its hash or its signature is wrong */
export async function checkSample(source: EventSource, eventIds: readonly string[]): Promise<void> {
  const { serverName, keys } = source;
  for (let index = 0; index < eventIds.length; index += EVERY) {
    const eventId = eventIds[index] ?? '';
    const event = await source.fetch(eventId);
    if (event === undefined) throw new VoidBlockError(`${serverName} lost ${eventId}`);
    const checked = checkEvent(event, serverName, keys);
    if ('fault' in checked) throw new VoidBlockError(`${eventId}: ${checked.fault}`);
    if (checked.eventId !== eventId) throw new VoidBlockError(`${eventId} is ${checked.eventId}`);
  }
}
