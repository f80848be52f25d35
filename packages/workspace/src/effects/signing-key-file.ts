import { open, readFile } from 'node:fs/promises';
import type { Random } from '@hansa/net';
import { createSigningKey, formatKeyFile, parseKeyFile, type SigningKey } from '@hansa/protocol';

const SEED_BYTES = 32;
const VERSION_BYTES = 3;

/**
 * The signing key in its own file (Synapse's format); `undefined` where there is no file.
 * @throws Error when it cannot be read as a key
 */
export async function loadSigningKey(file: string): Promise<SigningKey | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const keys = parseKeyFile(text);
  if (!keys.ok) throw new Error(`${file}: ${keys.reason}`);
  const [key] = keys.value;
  if (key === undefined) throw new Error(`${file}: there is no key in it`);
  return key;
}

/** A new key in a file that only its owner reads. It never replaces one: who loses a key loses what it signed for. */
export async function createSigningKeyFile(file: string, random: Random): Promise<SigningKey> {
  const version = `a_${Buffer.from(random.bytes(VERSION_BYTES)).toString('hex')}`;
  const key = createSigningKey(version, random.bytes(SEED_BYTES));
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(formatKeyFile([key]));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
