import type { ServerProcess } from '@hansa/testkit';
import type { KeepAliveClient } from '../keep-alive-client.ts';
import { messageBody, sendPath } from '../messages.ts';
import type { VisibleEvents } from '../visible-events.ts';

/** Two servers with a room between them: somebody sends at A, and somebody follows at B. */
export interface ServerPair {
  readonly name: string;
  readonly processes: readonly [ServerProcess, ServerProcess];
  /** Sends a message at A; answers its id when A has acknowledged it. */
  send(transaction: string): Promise<string>;
  /** What is visible at B. */
  readonly atB: VisibleEvents;
  /** Looks at some of them as B has them. @throws VoidBlockError */
  check?(eventIds: readonly string[]): Promise<void>;
}

/** @throws Error where it is not acknowledged */
export async function sendMessage(
  client: KeepAliveClient,
  roomId: string,
  transaction: string,
): Promise<string> {
  const body = messageBody(transaction);
  const answer = await client.exchange('PUT', sendPath(roomId, transaction), body);
  if (answer.status !== 200) throw new Error(`sending failed: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as { event_id: string }).event_id;
}
