import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigningKeyFile, loadSigningKey } from './signing-key-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('[SEC-15] makes a key of 32 bytes that were drawn for it, and for nothing else', async () => {
  const drawn: Uint8Array[] = [];
  const random = {
    bytes(length: number) {
      const bytes = Uint8Array.from({ length }, (_, n) => 1 + drawn.length * 64 + n);
      drawn.push(bytes);
      return bytes;
    },
    fraction: () => 0,
  };
  const file = join(folder, 'signing.key');
  const key = await createSigningKeyFile(file, random);
  const seed = Buffer.from(key.exportSeed());
  expect(drawn.filter((bytes) => seed.equals(bytes)).map(({ byteLength }) => byteLength)).toEqual([
    32,
  ]);
  expect((await loadSigningKey(file))?.publicKey).toBe(key.publicKey);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, 'utf8');
  await expect(createSigningKeyFile(file, random)).rejects.toThrow('EEXIST');
  expect(await readFile(file, 'utf8')).toBe(text);
});
