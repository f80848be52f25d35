import type { JsonObject, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { MissingEvents } from '../../engine/federation-port.ts';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';

const MAX_EVENTS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;

const readAnswer = answerOf(
  Type.Object({ events: Type.Array(AnyObject, { maxItems: MAX_EVENTS }) }),
);

/** `POST /get_missing_events/{roomId}` */
export async function getMissingEvents(
  http: FederationHttp,
  server: ServerName,
  query: MissingEvents,
): Promise<readonly JsonObject[]> {
  const content = {
    earliest_events: query.earliest,
    latest_events: query.latest,
    limit: query.limit,
    min_depth: query.minDepth,
  };
  const path = requestPath`/_matrix/federation/v1/get_missing_events/${query.roomId}`;
  const limits = { maxBytes: MAX_BYTES };
  const { events } = await http.call({ server, method: 'POST', path, content, limits }, readAnswer);
  return events;
}
