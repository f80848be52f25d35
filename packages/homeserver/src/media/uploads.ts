import type { Random } from '@hansa/net';
import type { MxcUri, ServerName, UserId } from '@hansa/protocol';
import { forbidden, limitExceeded, MatrixError, tooLarge } from '../matrix-error.ts';
import { cutFileName } from './content-disposition.ts';
import { declaredType } from './content-type.ts';
import { BlockedFileError } from './media-blocks.ts';
import { TooLongError, type MediaFiles, type ReceivedFile } from './media-files.ts';
import type { MediaLibrary } from './media-library.ts';
import type { UploadQuota } from './upload-quota.ts';

/** Of one user at a time. */
const MAX_UPLOADS_EACH = 8;
const RETRY_AFTER_MS = 2_000;
/** Not to be guessed: who knows the address may read. */
const MEDIA_ID_BYTES = 24;

interface Ports {
  readonly files: Pick<MediaFiles, 'receive' | 'discard'>;
  readonly library: Pick<MediaLibrary, 'add'>;
  readonly quota: Pick<UploadQuota, 'check' | 'take'>;
  readonly random: Pick<Random, 'bytes'>;
  readonly serverName: ServerName;
  readonly maxBytes: number;
}

export interface UploadedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly declaredBytes: number | undefined;
  readonly contentType: string | undefined;
  readonly fileName: string | undefined;
}

/** What our people upload. */
export class Uploads {
  readonly #ports: Ports;
  /** Of those that have any. */
  readonly #underWay = new Map<UserId, number>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get maxBytes(): number {
    return this.#ports.maxBytes;
  }

  /**
   * Its address, once it is durable. Throws 413 `M_TOO_LARGE`, 429 `M_LIMIT_EXCEEDED`, and 403 `M_FORBIDDEN` for a file
   * that is blocked.
   */
  async add(uploader: UserId, file: UploadedFile): Promise<MxcUri> {
    const others = this.#underWay.get(uploader) ?? 0;
    if (others >= MAX_UPLOADS_EACH) throw limitExceeded(RETRY_AFTER_MS);
    this.#underWay.set(uploader, others + 1);
    try {
      return await this.#add(uploader, file);
    } finally {
      const left = (this.#underWay.get(uploader) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(uploader);
      else this.#underWay.set(uploader, left);
    }
  }

  async #add(uploader: UserId, file: UploadedFile): Promise<MxcUri> {
    const { files, quota, random, serverName } = this.#ports;
    await quota.check(uploader, file.declaredBytes ?? 0);
    const received = await this.#receive(file);
    const mediaId = Buffer.from(random.bytes(MEDIA_ID_BYTES)).toString('base64url');
    try {
      await quota.take(uploader, received.sizeBytes, () =>
        this.#store(uploader, mediaId, received, file),
      );
    } catch (error) {
      await files.discard(received);
      throw error;
    }
    return `mxc://${serverName}/${mediaId}` as MxcUri;
  }

  async #store(
    uploader: UserId,
    mediaId: string,
    received: ReceivedFile,
    { contentType, fileName }: UploadedFile,
  ): Promise<void> {
    const { library, serverName: server } = this.#ports;
    try {
      await library.add(received, {
        server,
        mediaId,
        contentType: declaredType(contentType),
        fileName: cutFileName(fileName),
        uploader,
      });
    } catch (error) {
      throw error instanceof BlockedFileError ? forbidden('This file is blocked here.') : error;
    }
  }

  async #receive({ bytes, declaredBytes = 0 }: UploadedFile): Promise<ReceivedFile> {
    const { files, maxBytes } = this.#ports;
    const refusal = () => tooLarge(`A file may have ${maxBytes} bytes here, and no more.`);
    if (declaredBytes > maxBytes) throw refusal();
    try {
      return await files.receive(untilBrokenOff(bytes), maxBytes);
    } catch (error) {
      throw error instanceof TooLongError ? refusal() : error;
    }
  }
}

/** That somebody hangs up is no fault of ours, and nobody is there to be told. */
async function* untilBrokenOff(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    throw new MatrixError(400, 'M_UNKNOWN', 'The upload broke off.', { cause });
  }
}
