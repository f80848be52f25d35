import type { Clock, KeyedSlots } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Media, MediaReader, Store } from '@hansa/storage';
import { imageTypeOf } from './image-type.ts';
import { BlockedFileError, type MediaBlocks } from './media-blocks.ts';
import type { DiskReader } from './media-disk.ts';
import type { MediaFiles, ReceivedFile } from './media-files.ts';

export interface MediaLibraryPorts {
  readonly files: Pick<MediaFiles, 'keep' | 'discard' | 'open'>;
  readonly store: Pick<Store, 'transact'>;
  readonly media: Pick<MediaReader, 'find'>;
  readonly blocks: Pick<MediaBlocks, 'find'>;
  /** One at a time of each hash, also where files are swept. */
  readonly placing: KeyedSlots;
  readonly clock: Pick<Clock, 'now'>;
}

/** What is said of a file when it comes. */
export type Description = Pick<
  Media,
  'server' | 'mediaId' | 'contentType' | 'fileName' | 'uploader'
>;

/** Media and their files together: a file has its place on disk before anything refers to it. */
export class MediaLibrary {
  readonly #ports: MediaLibraryPorts;

  constructor(ports: MediaLibraryPorts) {
    this.#ports = ports;
  }

  async find(server: ServerName, mediaId: string): Promise<Media | undefined> {
    return await this.#ports.media.find(server, mediaId);
  }

  /**
   * Durable when it resolves; where the file is refused, nothing is left of it. What a crash, or a store that takes no row,
   * leaves in between is a file that nothing refers to, which is swept.
   * @throws BlockedFileError
   */
  async add(file: ReceivedFile, description: Description): Promise<Media> {
    const { files, blocks, store, placing, clock } = this.#ports;
    const media = {
      ...description,
      hash: file.hash,
      sizeBytes: file.sizeBytes,
      imageType: imageTypeOf(file.head),
      createdAt: clock.now(),
    };
    await placing.run(file.hash, async () => {
      try {
        if ((await blocks.find(file.hash)) !== undefined) throw new BlockedFileError(file.hash);
        await files.keep(file);
      } catch (error) {
        await files.discard(file);
        throw error;
      }
      await store.transact((writers) => writers.media.insert(media));
    });
    return media;
  }

  /** Who gets it closes it. Throws where the file is gone: that is no state that we bring about. */
  async open({ server, mediaId, hash, sizeBytes }: Media): Promise<DiskReader> {
    const file = await this.#ports.files.open(hash);
    if (file?.sizeBytes === sizeBytes) return file;
    await file?.close();
    throw new Error(`the file of mxc://${server}/${mediaId} is missing or incomplete: ${hash}`);
  }
}
