import { RemoteServerError } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { LanePorts } from './outbox-ports.ts';
import { newTransactionId, renderTransaction } from './transaction.ts';

/**
 * A transaction of nothing, by which the server sees that we are there. Where it fails nothing is due again: what the
 * server gets next says the same.
 */
export async function sendGreeting(
  server: ServerName,
  ports: Pick<LanePorts, 'serverName' | 'send' | 'effects' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const { serverName, send, effects, log } = ports;
  const transactionId = newTransactionId(effects.clock, effects.random);
  try {
    await send(server, renderTransaction(serverName, transactionId, {}), signal);
  } catch (error) {
    if (signal.aborted) return;
    const level = error instanceof RemoteServerError ? 'info' : 'error';
    log[level]({ err: error, server }, 'a server did not hear that we are back');
  }
}
