import { Type } from 'typebox';
import type { ReceivedPdus, RoomEngine } from '../../engine/room-engine.ts';
import { AnyJson, defineRoute, paramText } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { receiveEdus, type EduPorts } from './receive-edus.ts';
import { TransactionReplay } from './transaction-replay.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Source: server-server API, "Transactions". */
const MAX_PDUS = 50;
const MAX_EDUS = 100;

interface Ports extends EduPorts {
  readonly engine: Pick<RoomEngine, 'receive'>;
  readonly received?: ((pdus: ReceivedPdus) => void) | undefined;
}

/** `PUT /send/{txnId}`. Answers when every event of it is durable, with what became of each that failed. */
export function receiveTransaction(ports: Ports): Route {
  const replay = new TransactionReplay<object>();
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v1/send/{txnId}',
    auth: 'federation',
    params: { txnId: paramText },
    body: Type.Object({
      pdus: Type.Optional(Type.Array(AnyJson, { maxItems: MAX_PDUS })),
      edus: Type.Optional(Type.Array(AnyJson, { maxItems: MAX_EDUS })),
    }),
    maxBodyBytes: MAX_BODY_BYTES,
    handler: async ({ origin, params, body, bodyBytes = new Uint8Array() }) =>
      await replay.run({ origin, transactionId: params.txnId, body: bodyBytes }, async () => {
        const pdus = await ports.engine.receive(origin, body.pdus ?? []);
        ports.received?.(pdus);
        await receiveEdus(ports, origin, body.edus ?? []);
        return { pdus: resultsOf(pdus) };
      }),
  });
}

function resultsOf(received: ReceivedPdus): Record<string, object> {
  return Object.fromEntries([...received].map(([eventId, refused]) => [eventId, refused ?? {}]));
}
