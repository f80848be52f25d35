import type { PixelSize } from './thumbnail-size.ts';

/** What decodes and encodes pictures. Both reject with `BadPictureError` where the bytes are no picture that it reads. */
export interface Thumbnailer {
  /** From the headers alone: nothing is decoded. */
  measure(bytes: Uint8Array): Promise<Picture>;
  /** Rejects with `CostlyPictureError` where it takes too many pixels or too long. */
  render(bytes: Uint8Array, how: Rendering): Promise<Uint8Array>;
}

export interface Picture extends PixelSize {
  /** One where it does not move. */
  readonly frames: number;
}

export interface Rendering {
  /** What does not fit its shape is cut off evenly. */
  readonly size: PixelSize;
  /** As WebP with all frames; else as PNG or JPEG. */
  readonly animated: boolean;
}

export class BadPictureError extends Error {
  override readonly name = 'BadPictureError';
}

export class CostlyPictureError extends Error {
  override readonly name: string = 'CostlyPictureError';
}

/** What reads pictures ended with this one, by itself or as it took more than it may: it is not to be tried again. */
export class LethalPictureError extends CostlyPictureError {
  override readonly name = 'LethalPictureError';
}
