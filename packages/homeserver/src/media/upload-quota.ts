import { KeyedSlots, type Clock } from '@hansa/net';
import type { UserId } from '@hansa/protocol';
import type { MediaReader } from '@hansa/storage';
import { MatrixError, tooLarge } from '../matrix-error.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** After which a client asks again by itself, where the bytes of 24 hours are used up. */
const RETRY_AFTER_MS = 60 * 60 * 1_000;

/** Bytes of one person; 0 for any number. */
export interface QuotaSettings {
  /** Of all that is kept. */
  readonly maxBytes: number;
  /** Of what was uploaded in the 24 hours before. */
  readonly maxBytesADay: number;
}

interface Ports {
  readonly media: Pick<MediaReader, 'sumUploaded'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: QuotaSettings;
}

/** How much each person may upload. A file counts for each address that it is given, though it is kept once. */
export class UploadQuota {
  readonly #ports: Ports;
  /** What one person adds is counted before their next is. */
  readonly #taking = new KeyedSlots(1);

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Throws 413 `M_TOO_LARGE` where so many bytes more are never taken, 429 `M_LIMIT_EXCEEDED` where they are later. */
  async check(uploader: UserId, sizeBytes: number): Promise<void> {
    const { media, clock, settings } = this.#ports;
    const { maxBytes, maxBytesADay } = settings;
    const isBeyond = async (most: number, since: number): Promise<boolean> =>
      most > 0 && (await media.sumUploaded(uploader, since)) + sizeBytes > most;
    if (maxBytesADay > 0 && sizeBytes > maxBytesADay) {
      throw tooLarge(`A file may have ${maxBytesADay} bytes here, and no more.`);
    }
    if (await isBeyond(maxBytes, 0)) {
      throw tooLarge(`All files of one person may have ${maxBytes} bytes here, and no more.`);
    }
    if (await isBeyond(maxBytesADay, clock.now() - DAY_MS)) throw tooMuchADay(maxBytesADay);
  }

  /** As `check`, with nothing of that person's stored between it and `store`, which stores them. */
  async take(uploader: UserId, sizeBytes: number, store: () => Promise<void>): Promise<void> {
    await this.#taking.run(uploader, async () => {
      await this.check(uploader, sizeBytes);
      await store();
    });
  }
}

function tooMuchADay(bytes: number): MatrixError {
  const what = `The files that one person uploads in 24 hours may have ${bytes} bytes here. Try again later.`;
  return new MatrixError(429, 'M_LIMIT_EXCEEDED', what, {
    fields: { retry_after_ms: RETRY_AFTER_MS },
  });
}
