import { Buffer } from 'node:buffer';
import { propertyParameters } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeHead, readFrames } from './frames.ts';

const MAX_BYTES = 64;

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 9 });

it('frames come as they were written, however they are cut', async () => {
  const frame = fc.record({
    kind: fc.integer({ min: 0, max: 255 }),
    payload: fc.uint8Array({ maxLength: MAX_BYTES }).map((bytes) => Buffer.from(bytes)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 8 }), sizes, async (frames, cuts) => {
      const bytes = Buffer.concat(
        frames.flatMap(({ kind, payload }) => [encodeHead(kind, payload.length), payload]),
      );
      const read = await Array.fromAsync(readFrames(inChunks(bytes, cuts), MAX_BYTES));
      expect(read).toEqual(frames);
    }),
    propertyParameters(),
  );
});

it('a frame that is longer than it may be is not read', async () => {
  const bytes = Buffer.concat([encodeHead(1, MAX_BYTES + 1), Buffer.alloc(MAX_BYTES + 1)]);
  const reading = Array.fromAsync(readFrames(inChunks(bytes, [5]), MAX_BYTES));
  await expect(reading).rejects.toThrow('a frame of 65 bytes');
});
