import { ClientError } from './client-error.ts';

/** Plain requests to one homeserver's client API, as one device or as nobody. */
export class HttpSession {
  readonly baseUrl: string;
  readonly #accessToken: string | undefined;

  constructor(baseUrl: string, accessToken?: string) {
    this.baseUrl = baseUrl;
    this.#accessToken = accessToken;
  }

  /** @throws ClientError for an answer other than 2xx */
  async request<Answer = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (this.#accessToken !== undefined) headers['authorization'] = `Bearer ${this.#accessToken}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    if (!response.ok) throw new ClientError(`${method} ${path}`, response.status, answer);
    return answer as Answer;
  }
}
