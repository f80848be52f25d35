import { crc32 } from 'node:zlib';
import sharp from 'sharp';

export interface PictureSettings {
  readonly width: number;
  readonly height: number;
  readonly format: 'png' | 'jpeg' | 'gif' | 'webp';
  /** One unless told; of a GIF or WebP. */
  readonly frames?: number;
  readonly transparent?: boolean;
}

/** A file with a picture, in stripes of grey so that no two frames are alike. */
export async function picture(settings: PictureSettings): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, format, frames = 1, transparent = false } = settings;
  const channels = transparent ? 4 : 3;
  const pixels = Buffer.alloc(width * height * frames * channels);
  for (let at = 0; at < pixels.length; at += channels) {
    const row = Math.floor(at / channels / width);
    pixels.fill((row * 37 + Math.floor(row / height) * 90) % 256, at, at + channels);
  }
  const raw = { width, height: height * frames, channels, pageHeight: height } as const;
  const encoded = sharp(pixels, { raw }).toFormat(format);
  return new Uint8Array(await encoded.toBuffer());
}

/** A PNG whose header says that it is larger than it is: what it would take is asked for before that is found out. */
export async function boastfulPng(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const png = Buffer.from(await picture({ width: 8, height: 8, format: 'png' }));
  const header = png.indexOf('IHDR');
  png.writeUInt32BE(width, header + 4);
  png.writeUInt32BE(height, header + 8);
  png.writeUInt32BE(crc32(png.subarray(header, header + 17)), header + 17);
  return new Uint8Array(png);
}

/** What an answer shows. */
export async function sizeOf(
  bytes: Uint8Array,
): Promise<{ readonly width: number; readonly height: number; readonly frames: number }> {
  const { width, height, pageHeight, pages = 1 } = await sharp(bytes, { pages: -1 }).metadata();
  return { width, height: pageHeight ?? height, frames: pages };
}
