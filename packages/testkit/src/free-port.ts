import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections: one of those could take the port in the moment between
 * this and its use, or while a server on it is being started again.
 */
const FIRST = 20_000;
const COUNT = 10_000;
const MAX_ATTEMPTS = 100;

/**
 * A TCP port that is free at this moment. For servers whose port others must know before they start; who can listen on
 * port 0 does that.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = FIRST + randomInt(COUNT);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`found no free port on ${host} from ${FIRST} to ${FIRST + COUNT - 1}`);
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
