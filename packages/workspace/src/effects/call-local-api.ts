import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { StartError } from '../start-error.ts';

interface LocalAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A password takes the server a second to hash; this is a bound against a hang. */
const PATIENCE_MS = 60_000;
/** Of a socket that is not there, and of one that a killed process left. */
const NOBODY = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Asks the workspace that runs on this data; `undefined` where none does.
 * @throws StartError where there is one that cannot be asked
 */
export async function callLocalApi(
  socketFile: string,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<LocalAnswer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call = request(
    { socketPath: socketFile, path, method: 'POST', timeout: PATIENCE_MS },
    resolve,
  );
  call.on('error', reject).on('timeout', () => call.destroy(new Error('it does not answer')));
  call.end(JSON.stringify(body));
  try {
    const response = await promise;
    // Our own server's answers are objects.
    const answer = (await json(response)) as LocalAnswer['body'];
    return { status: response.statusCode ?? 0, body: answer };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (NOBODY.has(code)) return undefined;
    throw new StartError(`The running workspace cannot be asked at ${socketFile}: ${message}.`, {
      cause: error,
    });
  }
}
