import type { Clock } from '@hansa/net';
import type { UserId } from '@hansa/protocol';
import type { Media, MediaBlock, MediaReader, Store } from '@hansa/storage';
import { notFound, type MatrixError } from '../matrix-error.ts';

interface Ports {
  readonly store: Pick<Store, 'transact'>;
  readonly media: Pick<MediaReader, 'findBlock'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** That a file came which is blocked. */
export class BlockedFileError extends Error {
  override readonly name = 'BlockedFileError';
}

/**
 * Files that are neither taken nor fetched nor shown, by their SHA-256 in hex: whoever removes one and brings it again,
 * from here or elsewhere, brings what is blocked.
 */
export class MediaBlocks {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async find(hash: string): Promise<MediaBlock | undefined> {
    return await this.#ports.media.findBlock(hash);
  }

  /** In effect when it resolves, for what is asked for from then on. */
  async block(block: Pick<MediaBlock, 'hash' | 'reason'> & { readonly by: UserId }): Promise<void> {
    const { hash, reason, by: blockedBy } = block;
    const blockedAt = this.#ports.clock.now();
    await this.#ports.store.transact(({ media }) =>
      media.block({ hash, blockedBy, reason, blockedAt }),
    );
  }

  async unblock(hash: string): Promise<void> {
    await this.#ports.store.transact(({ media }) => media.unblock(hash));
  }

  /** Throws 404 `M_NOT_FOUND`: that it is blocked is told to nobody who asks for it. */
  async refuseBlocked<Found extends Pick<Media, 'hash'>>(media: Found): Promise<Found> {
    if ((await this.find(media.hash)) !== undefined) throw noSuchFile();
    return media;
  }
}

/** As of what was never there. */
export function noSuchFile(): MatrixError {
  return notFound('There is no such file.');
}
