/** No HTTP answer could be had, or not all of it. */
export class HttpsError extends Error {
  override readonly name = 'HttpsError';
  readonly kind: 'blocked' | 'unreachable' | 'timeout' | 'too-large';

  constructor(kind: HttpsError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
