import { ClientError } from './client-error.ts';
import type { WatchExchange } from './exchange.ts';

export interface HttpRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; `{}` where the answer is empty. */
  readonly body: Body;
}

export interface FileRequest {
  /** What is uploaded; nothing where it is absent. */
  readonly bytes?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface FileAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** Parsed, where the answer is JSON of the server's own; `undefined` for a file. */
  readonly body: unknown;
}

/** Plain requests to one homeserver's client API, as one device or as nobody. */
export class HttpSession {
  readonly baseUrl: string;
  readonly #accessToken: string | undefined;
  readonly #watch: WatchExchange | undefined;

  /** `watch` is called with every exchange, and may throw. */
  constructor(baseUrl: string, accessToken?: string, watch?: WatchExchange) {
    this.baseUrl = baseUrl;
    this.#accessToken = accessToken;
    this.#watch = watch;
  }

  /** @throws ClientError for an answer other than 2xx */
  async request<Answer = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const answer = await this.exchange(method, path, { body, signal });
    if (answer.status > 299) throw new ClientError(`${method} ${path}`, answer.status, answer.body);
    return answer.body as Answer;
  }

  /** For what is no JSON on one of its two ways. The answer, whichever it is. */
  async exchangeFile(method: string, path: string, request: FileRequest = {}): Promise<FileAnswer> {
    const { bytes: sent, headers, ...more } = request;
    const token = this.#accessToken;
    const response = await fetch(`${this.baseUrl}${path}`, {
      ...more,
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(sent === undefined ? {} : { body: sent, duplex: 'half' }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { status } = response;
    // Files have a disposition.
    const isFile = response.headers.has('content-disposition');
    const body: unknown = isFile ? undefined : JSON.parse(Buffer.from(bytes).toString());
    if (!isFile) this.#watch?.({ method, path, sent: undefined, status, received: body });
    return { status, headers: response.headers, bytes, body };
  }

  /** The answer, whichever it is. */
  async exchange<Body = Record<string, unknown>>(
    method: string,
    path: string,
    request: HttpRequest = {},
  ): Promise<HttpAnswer<Body>> {
    const { signal } = request;
    const sent =
      request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const headers: Record<string, string> = { ...request.headers };
    if (this.#accessToken !== undefined) headers['authorization'] ??= `Bearer ${this.#accessToken}`;
    if (sent !== undefined) headers['content-type'] ??= 'application/json';
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const { status } = response;
    this.#watch?.({ method, path, sent: request.body, status, received: body });
    return { status, headers: response.headers, body: body as Body };
  }
}
