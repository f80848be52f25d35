import sharp, { type Sharp } from 'sharp';
import { BadPictureError, CostlyPictureError, type Thumbnailer } from '../thumbnailer.ts';

/** Of all frames together, before anything is decoded: 200 MB at four bytes each, and most are decoded in strips. */
const MAX_PIXELS = 50_000_000;
const MAX_SECONDS = 10;
const JPEG_QUALITY = 80;
const WEBP_QUALITY = 75;
/** Between size and time; 0 to 6. */
const WEBP_EFFORT = 3;

/** All others would reach decoders that few look at. */
const LOADERS = [
  'VipsForeignLoadPngBuffer',
  'VipsForeignLoadJpegBuffer',
  'VipsForeignLoadNsgifBuffer',
  'VipsForeignLoadWebpBuffer',
];

/** By libvips, with its decoders for PNG, JPEG, GIF and WebP and no others, for the whole process. */
export function sharpThumbnailer(): Thumbnailer {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  // Nothing of one picture stays when another is read, and one picture takes one core.
  sharp.cache(false);
  sharp.concurrency(1);
  return {
    async measure(bytes) {
      const found = await orBadPicture(() =>
        // Counted below, where we can tell it from what cannot be read.
        sharp(bytes, { limitInputPixels: false }).metadata(),
      );
      const { width, height } = found.autoOrient;
      return { width, height, frames: found.pages ?? 1 };
    },
    async render(bytes, { size, animated }) {
      const options = { animated, sequentialRead: true, limitInputPixels: MAX_PIXELS };
      const {
        width,
        height,
        pages = 1,
        hasAlpha,
      } = await orBadPicture(() => sharp(bytes, { limitInputPixels: false }).metadata());
      const pixels = width * height * (animated ? pages : 1);
      if (pixels > MAX_PIXELS) throw new CostlyPictureError(`${pixels} pixels`);
      const read = sharp(bytes, options).timeout({ seconds: MAX_SECONDS });
      const upright = animated ? read : read.autoOrient();
      const picture = upright.resize({ ...size, fit: 'cover' });
      const encoded = encode(picture, { animated: animated && pages > 1, hasAlpha });
      return await orBadPicture(() => encoded.toBuffer());
    },
  };
}

function encode(
  picture: Sharp,
  { animated, hasAlpha }: { readonly animated: boolean; readonly hasAlpha: boolean },
): Sharp {
  if (animated) return picture.webp({ quality: WEBP_QUALITY, effort: WEBP_EFFORT });
  return hasAlpha ? picture.png() : picture.jpeg({ quality: JPEG_QUALITY });
}

/** The library tells by the words of its errors alone what went wrong. */
async function orBadPicture<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/^timeout|pixel limit/.test(message)) throw new CostlyPictureError(message, { cause });
    throw new BadPictureError(message, { cause });
  }
}
