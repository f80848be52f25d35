/** A refusal that a client or a peer is told: HTTP status, standard error code, and what happened in words. */
export class MatrixError extends Error {
  override readonly name = 'MatrixError';
  readonly status: number;
  readonly errcode: string;
  /** Further members of the JSON body, such as `retry_after_ms` or `room_version`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    errcode: string,
    message: string,
    options: { readonly fields?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.errcode = errcode;
    this.fields = options.fields ?? {};
  }
}

export function forbidden(message: string): MatrixError {
  return new MatrixError(403, 'M_FORBIDDEN', message);
}

export function notFound(message: string): MatrixError {
  return new MatrixError(404, 'M_NOT_FOUND', message);
}

export function unauthorized(message: string): MatrixError {
  return new MatrixError(401, 'M_UNAUTHORIZED', message);
}

export function missingToken(): MatrixError {
  return new MatrixError(401, 'M_MISSING_TOKEN', 'This request needs an access token.');
}

export function unknownToken(): MatrixError {
  return new MatrixError(401, 'M_UNKNOWN_TOKEN', 'This access token is not known. Log in again.');
}

export function badJson(message: string): MatrixError {
  return new MatrixError(400, 'M_BAD_JSON', message);
}

export function notJson(message: string): MatrixError {
  return new MatrixError(400, 'M_NOT_JSON', message);
}

export function invalidParam(message: string): MatrixError {
  return new MatrixError(400, 'M_INVALID_PARAM', message);
}

export function missingParam(message: string): MatrixError {
  return new MatrixError(400, 'M_MISSING_PARAM', message);
}

export function weakPassword(message: string): MatrixError {
  return new MatrixError(400, 'M_WEAK_PASSWORD', message);
}

export function stillInRoom(membership: string): MatrixError {
  const how = { join: 'are in', invite: 'are invited to', knock: 'have knocked at' }[membership];
  const message = `You ${how ?? 'are in'} this room. Leave it before you forget it.`;
  return new MatrixError(400, 'M_UNKNOWN', message);
}

export function invalidUsername(message: string): MatrixError {
  return new MatrixError(400, 'M_INVALID_USERNAME', message);
}

export function unknownLoginType(type: string): MatrixError {
  return new MatrixError(400, 'M_UNKNOWN', `There is no login of type "${type}" here.`);
}

export function tooLarge(message: string): MatrixError {
  return new MatrixError(413, 'M_TOO_LARGE', message);
}

export function unsupportedType(): MatrixError {
  return new MatrixError(415, 'M_NOT_JSON', 'Send the body as application/json, in one part.');
}

/** What is no request that could be read; the status says why. */
export function invalidHttp(status: number): MatrixError {
  return new MatrixError(status, 'M_UNKNOWN', 'The request is not valid HTTP.');
}

/** A bug or an outage of ours, of which nobody is told more. */
export function internalError(): MatrixError {
  return new MatrixError(500, 'M_UNKNOWN', 'Internal server error');
}

/** Whether it was done is not known in every case: what was being flushed may be on the disk. */
export function notStored(cause: unknown): MatrixError {
  const message =
    'This server cannot store anything at the moment, so this may not have been done. Try again later.';
  return new MatrixError(503, 'M_UNKNOWN', message, { cause });
}

export function stopping(): MatrixError {
  return new MatrixError(503, 'M_UNKNOWN', 'This server is being stopped. Try again in a moment.');
}

export function limitExceeded(retryAfterMs: number): MatrixError {
  return new MatrixError(429, 'M_LIMIT_EXCEEDED', 'That was too often. Wait a while.', {
    fields: { retry_after_ms: retryAfterMs },
  });
}

/** One of our bounds is reached, by others as much as by who is told. It goes down by itself. */
export function overloaded(message: string): MatrixError {
  return new MatrixError(503, 'M_LIMIT_EXCEEDED', message);
}

/** We ask no identity server about the addresses of people. */
export function noThirdPartyIds(): MatrixError {
  return new MatrixError(
    403,
    'M_SERVER_NOT_TRUSTED',
    'People are invited by their user IDs here; no identity server is asked.',
  );
}

export function unsupportedRoomVersion(version: string): MatrixError {
  return new MatrixError(
    400,
    'M_UNSUPPORTED_ROOM_VERSION',
    `This server has no room version "${version}".`,
  );
}

/** First events that the rules of a new room refuse. */
export function invalidRoomState(message: string, cause?: unknown): MatrixError {
  return new MatrixError(400, 'M_INVALID_ROOM_STATE', message, { cause });
}

export function incompatibleRoomVersion(version: string): MatrixError {
  return new MatrixError(
    400,
    'M_INCOMPATIBLE_ROOM_VERSION',
    `The room has version "${version}", which your server did not offer.`,
    { fields: { room_version: version } },
  );
}

export function unreachable(message: string, cause?: unknown): MatrixError {
  return new MatrixError(502, 'M_UNKNOWN', message, { cause });
}
