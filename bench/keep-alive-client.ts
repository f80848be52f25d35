import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface PlainAnswer {
  readonly status: number;
  readonly body: string;
}

/** A client of one server on connections that it keeps, and that costs little itself. */
export class KeepAliveClient implements Disposable {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(baseUrl: string, token: string) {
    this.#base = new URL(baseUrl);
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  }

  async exchange(method: string, path: string, body = ''): Promise<PlainAnswer> {
    const { hostname, port } = this.#base;
    const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer>();
    const headers = { ...this.#headers, 'content-length': Buffer.byteLength(body) };
    request({ agent: this.#agent, hostname, port, method, path, headers }, (response) => {
      text(response).then(
        (received) => resolve({ status: response.statusCode ?? 0, body: received }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
    return promise;
  }

  /** The answer's JSON. @throws Error for a status other than 200 */
  async json<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.exchange(method, path, sent);
    if (answer.status !== 200) {
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
    }
    return JSON.parse(answer.body) as Answer;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
