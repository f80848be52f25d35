import type { EventId, JsonObject, RoomId, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath, withQuery } from '../request-path.ts';

const MAX_EVENTS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

const readAnswer = answerOf(Type.Object({ pdus: Type.Array(AnyObject, { maxItems: MAX_EVENTS }) }));

/** `GET /backfill/{roomId}`: events before `from`, those included. */
export async function backfill(
  http: FederationHttp,
  server: ServerName,
  query: { readonly roomId: RoomId; readonly from: readonly EventId[]; readonly limit: number },
): Promise<readonly JsonObject[]> {
  const { roomId, from, limit } = query;
  const path = withQuery(requestPath`/_matrix/federation/v1/backfill/${roomId}`, [
    ...from.map((eventId) => ['v', eventId] as const),
    ['limit', String(limit)],
  ]);
  const limits = { maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS };
  return (await http.call({ server, method: 'GET', path, limits }, readAnswer)).pdus;
}
