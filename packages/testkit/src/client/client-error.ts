/** A homeserver refused a request of a test client. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly status: number;
  readonly errcode: string | undefined;
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.errcode = (body as { errcode?: string } | undefined)?.errcode;
    this.body = body;
  }
}
