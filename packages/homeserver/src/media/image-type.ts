const ASCII = 'latin1';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const MAX_BRANDS_END = 128;
const AVIF_BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);

/** Which image the bytes begin; `undefined` where they are none that may be shown in place. */
export function imageTypeOf(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const textAt = (from: number, to: number): string => bytes.toString(ASCII, from, to);
  if (bytes.subarray(0, PNG.length).equals(PNG))
    return isAnimated(bytes) ? 'image/apng' : 'image/png';
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return 'image/jpeg';
  if (textAt(0, 6) === 'GIF87a' || textAt(0, 6) === 'GIF89a') return 'image/gif';
  if (textAt(0, 4) === 'RIFF' && textAt(8, 12) === 'WEBP') return 'image/webp';
  if (textAt(4, 8) === 'ftyp' && hasAvifBrand(bytes)) return 'image/avif';
  return undefined;
}

/** The first box of the file names what it is, and behind its version what it may be read as. */
function hasAvifBrand(bytes: Buffer): boolean {
  const end = Math.min(bytes.length, bytes.readUInt32BE(0), MAX_BRANDS_END);
  for (let at = 8; at + 4 <= end; at += 4) {
    if (AVIF_BRANDS.has(bytes.toString(ASCII, at, at + 4))) return true;
  }
  return false;
}

/** A PNG is animated by a chunk `acTL`, which stands before the first `IDAT`. */
function isAnimated(png: Buffer): boolean {
  const control = png.indexOf('acTL', 0, ASCII);
  const data = png.indexOf('IDAT', 0, ASCII);
  return control !== -1 && (data === -1 || control < data);
}
