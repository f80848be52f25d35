/** JSON that a handler answers with 200: plain data and parsed JSON, whose number literals are written as they came. */
export type JsonBody = object;

/** An answer with another status, or with headers. */
export class Answer {
  readonly status: number;
  readonly body: JsonBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: JsonBody, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}
