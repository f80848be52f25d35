import type { ServerProcess } from '@hansa/testkit';
import type { KeepAliveClient } from '../keep-alive-client.ts';

/** One server, with a room and somebody in it who sends. */
export interface SendTarget {
  readonly name: string;
  readonly process: ServerProcess;
  readonly url: string;
  readonly roomId: string;
  readonly client: KeepAliveClient;
  /** Fetches some of them back. @throws VoidBlockError where what it acknowledged is not there, or not signed */
  check(eventIds: readonly string[]): Promise<void>;
}
