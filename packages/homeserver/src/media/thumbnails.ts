import { Slots } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Media } from '@hansa/storage';
import { LRUCache } from 'lru-cache';
import { MatrixError, overloaded } from '../matrix-error.ts';
import { imageTypeOf } from './image-type.ts';
import type { DiskReader } from './media-disk.ts';
import type { MediaFiles } from './media-files.ts';
import type { MediaLibrary } from './media-library.ts';
import {
  chooseForm,
  largestForm,
  type ThumbnailForm,
  type ThumbnailRequest,
} from './thumbnail-form.ts';
import { MAX_PICTURE_BYTES } from './picture-worker/picture-jobs.ts';
import { thumbnailSize } from './thumbnail-size.ts';
import {
  BadPictureError,
  CostlyPictureError,
  LethalPictureError,
  type Rendering,
  type Thumbnailer,
} from './thumbnailer.ts';

/** Pictures that are worked on at a time. */
const MAX_AT_A_TIME = 2;
const MAX_WAITING = 100;
/** Of those that are not tried again. */
const MAX_LETHAL = 10_000;
/** Enough to tell what a thumbnail is. */
const HEAD_BYTES = 64;

const MAY_MOVE: ReadonlySet<string> = new Set(['image/gif', 'image/webp', 'image/apng']);
const READABLE: ReadonlySet<string> = new Set([...MAY_MOVE, 'image/png', 'image/jpeg']);

interface Ports {
  readonly files: Pick<MediaFiles, 'receive' | 'keepThumbnail' | 'openThumbnail'>;
  readonly library: Pick<MediaLibrary, 'open'>;
  readonly thumbnailer: Thumbnailer;
  readonly serverName: ServerName;
}

export interface Thumbnail {
  readonly contentType: string;
  /** Who gets it closes it. */
  readonly file: DiskReader;
}

/** Small forms of pictures: made when they are first asked for, a few at a time, and kept. */
export class Thumbnails {
  readonly #ports: Ports;
  readonly #slots = new Slots(MAX_AT_A_TIME);
  readonly #underWay = new Map<string, Promise<void>>();
  /** Hashes of pictures that ended what read them, those asked for last. Whoever brings one again finds it here. */
  readonly #lethal = new LRUCache<string, true>({ max: MAX_LETHAL });

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Throws 400 `M_UNKNOWN` for what is no picture, 413 or 502 `M_TOO_LARGE`, 503 where too many wait. */
  async get(media: Media, request: ThumbnailRequest): Promise<Thumbnail> {
    const { imageType } = media;
    if (imageType === undefined || !READABLE.has(imageType)) throw noPicture();
    const mayMove = MAY_MOVE.has(imageType);
    const wanted = { ...request, animated: request.animated && mayMove };
    const form = chooseForm(wanted);
    // Larger than any, and nothing that must be kept from moving: what is asked for is the picture itself.
    if (form === undefined && mayMove === wanted.animated)
      return await this.#original(media, imageType);
    return await this.#inForm(media, imageType, form ?? largestForm(wanted));
  }

  async #inForm(media: Media, imageType: string, form: ThumbnailForm): Promise<Thumbnail> {
    const { files } = this.#ports;
    let file = await files.openThumbnail(media.hash, form.name);
    if (file === undefined) {
      await this.#makeOnce(media, form);
      file = await files.openThumbnail(media.hash, form.name);
    }
    if (file === undefined) throw new Error(`the thumbnail ${form.name} of ${media.hash} is gone`);
    if (file.sizeBytes === 0) {
      await file.close();
      return await this.#original(media, imageType);
    }
    try {
      const contentType = imageTypeOf(await readWhole(file, HEAD_BYTES));
      if (contentType !== undefined) return { contentType, file };
      throw new Error(`the thumbnail ${form.name} of ${media.hash} is no picture`);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #original(media: Media, contentType: string): Promise<Thumbnail> {
    return { contentType, file: await this.#ports.library.open(media) };
  }

  async #makeOnce(media: Media, form: ThumbnailForm): Promise<void> {
    const key = `${media.hash} ${form.name}`;
    const running = this.#underWay.get(key);
    if (running !== undefined) return await running;
    if (this.#slots.waiting >= MAX_WAITING) {
      throw overloaded('Too many pictures are being worked on. Try again in a while.');
    }
    const making = this.#slots.run(() => this.#make(media, form));
    this.#underWay.set(key, making);
    try {
      await making;
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** An empty file stands for the picture itself. */
  async #make(media: Media, form: ThumbnailForm): Promise<void> {
    const { files } = this.#ports;
    const bytes = await this.#render(media, form);
    const received = await files.receive(oneChunk(bytes), Number.POSITIVE_INFINITY);
    await files.keepThumbnail(received, media.hash, form.name);
  }

  async #render(media: Media, form: ThumbnailForm): Promise<Uint8Array> {
    const { library, thumbnailer, serverName } = this.#ports;
    const isOurs = media.server === serverName;
    const isLethal = this.#lethal.get(media.hash) === true;
    if (isLethal || media.sizeBytes > MAX_PICTURE_BYTES) throw tooCostly(isOurs);
    const file = await library.open(media);
    try {
      const bytes = await readWhole(file, file.sizeBytes);
      const picture = await thumbnailer.measure(bytes);
      const animated = form.animated && picture.frames > 1;
      const mustStand = !animated && (picture.frames > 1 || media.imageType === 'image/apng');
      const size = thumbnailSize(picture, form);
      if (size === undefined && !mustStand) return new Uint8Array();
      return await this.#draw(bytes, { size: size ?? picture, animated });
    } catch (error) {
      if (error instanceof LethalPictureError) this.#lethal.set(media.hash, true);
      if (error instanceof CostlyPictureError) throw tooCostly(isOurs, error);
      if (error instanceof BadPictureError) throw noPicture(error);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** What would take too much to move is shown standing. */
  async #draw(bytes: Uint8Array, how: Rendering): Promise<Uint8Array> {
    const { thumbnailer } = this.#ports;
    const { size } = how;
    try {
      return await thumbnailer.render(bytes, { ...how, size });
    } catch (error) {
      if (!(how.animated && error instanceof CostlyPictureError)) throw error;
      return await thumbnailer.render(bytes, { size, animated: false });
    }
  }
}

async function readWhole(file: DiskReader, end: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream(0, Math.min(end, file.sizeBytes))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function noPicture(cause?: unknown): MatrixError {
  return new MatrixError(400, 'M_UNKNOWN', 'This is no picture that thumbnails are made of here.', {
    cause,
  });
}

function tooCostly(isOurs: boolean, cause?: unknown): MatrixError {
  const what = 'This picture is too large to make thumbnails of.';
  return new MatrixError(isOurs ? 413 : 502, 'M_TOO_LARGE', what, { cause });
}
