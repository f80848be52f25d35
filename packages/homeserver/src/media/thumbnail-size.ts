import type { ThumbnailForm } from './thumbnail-form.ts';

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What a picture of that size becomes in a form, before it is cropped and after; `undefined` where it stays as it is, as
 * nothing is ever made larger. To scale, neither side becomes shorter than that of the form.
 */
export function thumbnailSize(
  picture: PixelSize,
  form: Pick<ThumbnailForm, 'width' | 'height' | 'method'>,
): PixelSize | undefined {
  const factor = Math.max(form.width / picture.width, form.height / picture.height);
  const isWhole = form.method === 'scale' || isSameShape(picture, form);
  if (factor >= 1 && isWhole) return undefined;
  if (form.method === 'scale') return times(picture, factor);
  return times(form, factor > 1 ? 1 / factor : 1);
}

function times({ width, height }: PixelSize, factor: number): PixelSize {
  const pixels = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: pixels(width), height: pixels(height) };
}

function isSameShape(one: PixelSize, other: PixelSize): boolean {
  return one.width * other.height === one.height * other.width;
}
