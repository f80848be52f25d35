import { RemoteServerError, type StreamedAnswer } from '@hansa/net';
import {
  MultipartError,
  MULTIPART_OVERHEAD_BYTES,
  readFileName,
  readMediaPart,
  type DownloadMedia,
  type RemoteFile,
} from '../../media/index.ts';
import { badAnswer } from '../federation-http.ts';
import type { FederationStreams } from '../federation-streams.ts';
import { requestPath, withQuery } from '../request-path.ts';

/** From the connection to the last byte. */
const TIMEOUT_MS = 300_000;

/** What `read` made of the file; or where the server says that the file is. */
type Given<T> = { readonly outcome: T } | { readonly location: string };

/**
 * `GET /media/download/{mediaId}`, of the server whose file it is. One that does not know the endpoint is asked as anybody
 * may ask. Source: server-server API, "Content Repository".
 */
export function createMediaDownload(streams: FederationStreams): DownloadMedia {
  return async ({ server, mediaId, maxBytes, signal }, read) => {
    const limits = { maxBytes: maxBytes + MULTIPART_OVERHEAD_BYTES, timeoutMs: TIMEOUT_MS };
    const call = { server, limits, signal };
    const readPlain = ({ headers, body }: StreamedAnswer) =>
      read({ ...describe(headers), bytes: body });
    try {
      const path = requestPath`/_matrix/federation/v1/media/download/${mediaId}`;
      const given = await streams.receive({ ...call, path }, (answer) => readParts(answer, read));
      if ('outcome' in given) return given.outcome;
      return await streams.receiveFrom(given.location, call, readPlain);
    } catch (error) {
      if (error instanceof MultipartError) throw badAnswer(server, error.message);
      if (!isUnrecognized(error)) throw error;
    }
    const path = withQuery(requestPath`/_matrix/media/v3/download/${server}/${mediaId}`, [
      ['allow_remote', 'false'],
    ]);
    return await streams.receiveUnsigned({ ...call, path }, readPlain);
  };
}

async function readParts<T>(
  answer: StreamedAnswer,
  read: (file: RemoteFile) => Promise<T>,
): Promise<Given<T>> {
  const { headers, bytes } = await readMediaPart(answer.headers.get('content-type'), answer.body);
  const location = headers.get('location');
  if (location !== undefined) return { location };
  return { outcome: await read({ ...describe(headers), bytes }) };
}

function describe(
  headers: ReadonlyMap<string, string>,
): Pick<RemoteFile, 'contentType' | 'fileName'> {
  return {
    contentType: headers.get('content-type'),
    fileName: readFileName(headers.get('content-disposition')),
  };
}

function isUnrecognized(error: unknown): boolean {
  return (
    error instanceof RemoteServerError && error.status === 404 && error.errcode === 'M_UNRECOGNIZED'
  );
}
