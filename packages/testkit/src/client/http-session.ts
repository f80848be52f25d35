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
