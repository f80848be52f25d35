import { isEventId, isObject, member } from '@hansa/protocol';
import type { EventId, JsonObject, ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import { AnyObject } from '../../http/index.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { requestPath } from '../request-path.ts';

const TIMEOUT_MS = 60_000;
const MAX_ERROR_CHARS = 1_000;

const readAnswer = answerOf(Type.Object({ pdus: Type.Optional(AnyObject) }));

export interface OutgoingTransaction {
  readonly transactionId: string;
  /** Equal at every attempt, as the id is. */
  readonly content: JsonObject;
}

/** `PUT /send/{txnId}`: events that the server refused, with its words. Throws unless it took the transaction. */
export async function sendTransaction(
  http: FederationHttp,
  server: ServerName,
  transaction: OutgoingTransaction,
  signal: AbortSignal,
): Promise<ReadonlyMap<EventId, string>> {
  const answer = await http.call(
    {
      server,
      method: 'PUT',
      path: requestPath`/_matrix/federation/v1/send/${transaction.transactionId}`,
      content: transaction.content,
      limits: { timeoutMs: TIMEOUT_MS },
      signal,
    },
    readAnswer,
  );
  const refused = Object.entries(answer.pdus ?? {}).flatMap(([eventId, result]) => {
    const error = isObject(result) ? member(result, 'error') : undefined;
    return typeof error === 'string' && isEventId(eventId)
      ? [[eventId, error.slice(0, MAX_ERROR_CHARS)] as const]
      : [];
  });
  return new Map(refused);
}
