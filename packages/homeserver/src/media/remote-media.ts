import { AnswerCache, RemoteServerError, type Clock } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Media } from '@hansa/storage';
import { MatrixError } from '../matrix-error.ts';
import { cutFileName } from './content-disposition.ts';
import { declaredType } from './content-type.ts';
import { explainFailedDownload } from './explain-failed-download.ts';
import { BlockedFileError, noSuchFile } from './media-blocks.ts';
import { TooLongError, type MediaFiles, type ReceivedFile } from './media-files.ts';
import type { MediaLibrary } from './media-library.ts';

/** A server that did not give it is left alone for so long, whoever asks: a room of many may want the same picture. */
const FAILURE_KEPT_MS = 15_000;
const MAX_FAILURES = 1_000;

/** A file as another server sends it. */
export interface RemoteFile {
  readonly contentType: string | undefined;
  readonly fileName: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Asks a server for a file of its own; what `read` rejects with is rejected with. Other failures are `RemoteServerError`. */
export type DownloadMedia = <T>(
  request: {
    readonly server: ServerName;
    readonly mediaId: string;
    readonly maxBytes: number;
    readonly signal: AbortSignal;
  },
  read: (file: RemoteFile) => Promise<T>,
) => Promise<T>;

interface Ports {
  readonly download: DownloadMedia;
  readonly files: Pick<MediaFiles, 'receive'>;
  readonly library: Pick<MediaLibrary, 'add' | 'find'>;
  readonly clock: Clock;
  readonly maxBytes: number;
}

type Outcome =
  | { readonly ok: true; readonly media: Media }
  | { readonly ok: false; readonly error: MatrixError };

/** Other servers' media, fetched when somebody here opens them, once however many want them, and kept. */
export class RemoteMedia {
  readonly #ports: Ports;
  readonly #outcomes: AnswerCache<Outcome>;
  readonly #stopping = new AbortController();

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#outcomes = new AnswerCache(ports.clock, MAX_FAILURES);
  }

  /** Throws 404 `M_NOT_FOUND`, 502 `M_TOO_LARGE`, 504 `M_NOT_YET_UPLOADED`, or 502 and 504 `M_UNKNOWN`. */
  async get(server: ServerName, mediaId: string): Promise<Media> {
    const known = await this.#ports.library.find(server, mediaId);
    if (known !== undefined) return known;
    const outcome = await this.#outcomes.get(`${server}/${mediaId}`, async () => {
      const value = await this.#fetch(server, mediaId);
      return { value, keepMs: value.ok ? 0 : FAILURE_KEPT_MS };
    });
    if (!outcome.ok) throw outcome.error;
    return outcome.media;
  }

  /** Ends what is being fetched. */
  stop(): void {
    this.#stopping.abort(new MatrixError(503, 'M_UNKNOWN', 'This server is stopping.'));
  }

  async #fetch(server: ServerName, mediaId: string): Promise<Outcome> {
    const { download, files, library, maxBytes } = this.#ports;
    // It may have come between the look and the call.
    const known = await library.find(server, mediaId);
    if (known !== undefined) return { ok: true, media: known };
    const { signal } = this.#stopping;
    const request = { server, mediaId, maxBytes, signal };
    let received: ReceivedFile & Pick<RemoteFile, 'contentType' | 'fileName'>;
    try {
      received = await download(request, async ({ bytes, contentType, fileName }) => ({
        ...(await files.receive(bytes, maxBytes)),
        contentType,
        fileName,
      }));
    } catch (error) {
      const isTheirs = error instanceof RemoteServerError || error instanceof TooLongError;
      if (isTheirs) return { ok: false, error: explainFailedDownload(error, { server, maxBytes }) };
      throw error;
    }
    try {
      const media = await library.add(received, {
        server,
        mediaId,
        contentType: declaredType(received.contentType),
        fileName: cutFileName(received.fileName),
        uploader: undefined,
      });
      return { ok: true, media };
    } catch (error) {
      if (error instanceof BlockedFileError) return { ok: false, error: noSuchFile() };
      throw error;
    }
  }
}
