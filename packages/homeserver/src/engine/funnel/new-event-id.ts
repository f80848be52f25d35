import { encodeBase64Url } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import type { Environment } from '../environment.ts';

const EVENT_ID_BYTES = 18;

/** The id of an event of ours in room versions 1 and 2, where the sender's server gives it. */
export function newEventId({ random, serverName }: Environment): EventId {
  return `$${encodeBase64Url(random.bytes(EVENT_ID_BYTES))}:${serverName}` as EventId;
}
