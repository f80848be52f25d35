/** JSON that a handler answers with 200: plain data and parsed JSON, whose number literals are written as they came. */
export type JsonBody = object;

/** Bytes to be sent as they come. */
export interface AnswerBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lets go of what is behind them: called once, when all is sent or the caller has hung up, begun or not. */
  close(): Promise<void>;
}

/** An answer that is no JSON. */
export class StreamAnswer {
  readonly status: 200 | 206;
  /** `content-type` among them, and `content-length` where it is known. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;

  constructor(
    body: AnswerBody,
    headers: Readonly<Record<string, string>>,
    status: 200 | 206 = 200,
  ) {
    this.body = body;
    this.headers = headers;
    this.status = status;
  }
}

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
