import type { RemoteServerError } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { explainRemote } from '../explain-remote.ts';
import { MatrixError } from '../matrix-error.ts';
import { TooLongError } from './media-files.ts';

/** Why a file of another server cannot be had, as a client is told. Source: client-server API, "Content repository". */
export function explainFailedDownload(
  cause: RemoteServerError | TooLongError,
  { server, maxBytes }: { readonly server: ServerName; readonly maxBytes: number },
): MatrixError {
  if (cause instanceof TooLongError || cause.tooLarge) {
    const what = `The file at ${server} is larger than the ${maxBytes} bytes that are fetched here.`;
    return new MatrixError(502, 'M_TOO_LARGE', what, { cause });
  }
  const why = explainRemote(cause);
  if (cause.status === 413 || cause.errcode === 'M_TOO_LARGE') {
    return new MatrixError(502, 'M_TOO_LARGE', why, { cause });
  }
  if (cause.status === 404) {
    return new MatrixError(404, 'M_NOT_FOUND', `${server} has no such file.`, { cause });
  }
  if (cause.errcode === 'M_NOT_YET_UPLOADED') {
    return new MatrixError(504, 'M_NOT_YET_UPLOADED', why, { cause });
  }
  return new MatrixError(cause.timedOut ? 504 : 502, 'M_UNKNOWN', why, { cause });
}
