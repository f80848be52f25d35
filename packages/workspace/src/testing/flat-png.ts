import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGBA = 6;
/** Where each turn begins, and how far its pixels are apart. Source: PNG specification, "Interlaced data order". */
const TURNS = [
  { x: 0, y: 0, wide: 8, high: 8 },
  { x: 4, y: 0, wide: 8, high: 8 },
  { x: 0, y: 4, wide: 4, high: 8 },
  { x: 2, y: 0, wide: 4, high: 4 },
  { x: 0, y: 2, wide: 2, high: 4 },
  { x: 1, y: 0, wide: 2, high: 2 },
  { x: 0, y: 1, wide: 1, high: 2 },
] as const;

/** Of four bytes a pixel, all zero. Interlaced, all of it is in memory where it is read. */
export function flatPng(width: number, height: number, isInterlaced = false): Buffer {
  const turns = isInterlaced ? TURNS : [{ x: 0, y: 0, wide: 1, high: 1 }];
  const sizes = turns.map(({ x, y, wide, high }) => {
    const columns = Math.ceil((width - x) / wide);
    return columns <= 0 ? 0 : Math.max(0, Math.ceil((height - y) / high)) * (1 + 4 * columns);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, RGBA, 0, 0, isInterlaced ? 1 : 0], 8);
  const pixels = deflateSync(Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0)), {
    level: 1,
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
