import type { AnswerLimits, ReadStream, StreamedAnswer, Transport } from '@hansa/net';
import { signRequest } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { OwnIdentity } from '../own-identity.ts';
import { MAX_REFUSAL_BYTES, refusalOf, USER_AGENT } from './federation-http.ts';

export interface StreamedCall {
  readonly server: ServerName;
  /** Path and query as they go out; see `requestPath`. */
  readonly path: string;
  readonly limits: AnswerLimits;
  readonly signal: AbortSignal;
}

/** Asks other servers by GET for what is too large to be held. A status other than 200 is a `RemoteServerError`. */
export class FederationStreams {
  readonly #own: OwnIdentity;
  readonly #transport: Pick<Transport, 'receive' | 'receiveFrom'>;

  constructor(ports: {
    readonly own: OwnIdentity;
    readonly transport: Pick<Transport, 'receive' | 'receiveFrom'>;
  }) {
    this.#own = ports.own;
    this.#transport = ports.transport;
  }

  /** Signed as ours. Source: server-server API, "Request Authentication". */
  async receive<T>(call: StreamedCall, read: ReadStream<T>): Promise<T> {
    const { serverName: origin, signingKey } = this.#own;
    const request = { method: 'GET', uri: call.path, origin, destination: call.server };
    return await this.#send(call, { authorization: signRequest(request, signingKey) }, read);
  }

  /** For what is public. */
  async receiveUnsigned<T>(call: StreamedCall, read: ReadStream<T>): Promise<T> {
    return await this.#send(call, {}, read);
  }

  /** From a URL that the server names. It may be anybody's, so nothing of ours goes there. */
  async receiveFrom<T>(
    url: string,
    { server, limits, signal }: Omit<StreamedCall, 'path'>,
    read: ReadStream<T>,
  ): Promise<T> {
    const headers = { 'user-agent': USER_AGENT };
    const location = { server, url, headers, limits, signal };
    return await this.#transport.receiveFrom(location, (answer) => readGiven(answer, server, read));
  }

  async #send<T>(
    { server, path, limits, signal }: StreamedCall,
    headers: Readonly<Record<string, string>>,
    read: ReadStream<T>,
  ): Promise<T> {
    return await this.#transport.receive(
      {
        server,
        method: 'GET',
        path,
        headers: { ...headers, 'user-agent': USER_AGENT },
        limits,
        signal,
      },
      (answer) => readGiven(answer, server, read),
    );
  }
}

async function readGiven<T>(
  answer: StreamedAnswer,
  server: ServerName,
  read: ReadStream<T>,
): Promise<T> {
  if (answer.status === 200) return await read(answer);
  const { status, headers } = answer;
  throw refusalOf(server, { status, headers, body: await readStart(answer.body) });
}

/** Of a refusal no more than is looked at. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks);
}
