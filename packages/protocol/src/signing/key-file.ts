import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import { isKeyId, splitKeyId } from '../identifiers/key-id.ts';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { SEED_BYTES } from './ed25519.ts';
import { createSigningKey } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

const MAX_KEYS = 32;
const MAX_CHARS = 16_384;

/**
 * Reads a key file as Synapse writes it: one key a line, `ed25519 <version> <seed in Base64>` with white space between
 * (rules `KEY-1` to `KEY-3`). The first key is the one to sign with. Empty lines are skipped; the format has no comments.
 * The reason of a refusal names the line and never shows what stands in it.
 */
export function parseKeyFile(text: string): Parsed<readonly SigningKey[]> {
  if (text.length > MAX_CHARS) {
    return refused('KEY-1', `key file: longer than ${MAX_CHARS} characters`);
  }
  const keys: SigningKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const key = parseLine(line, `line ${index + 1}`);
    if (!key.ok) return key;
    if (keys.some((earlier) => earlier.keyId === key.value.keyId)) {
      return refused('KEY-3', `line ${index + 1}: version occurs twice`);
    }
    keys.push(key.value);
    if (keys.length > MAX_KEYS) return refused('KEY-1', `key file: more than ${MAX_KEYS} keys`);
  }
  return keys.length > 0 ? parsed(keys) : refused('KEY-1', 'key file: holds no key');
}

/** The key file that `parseKeyFile` and Synapse read. It holds the secrets: whoever stores it keeps others out. */
export function formatKeyFile(keys: readonly SigningKey[]): string {
  return keys.map(formatLine).join('');
}

function formatLine(key: SigningKey): string {
  const { algorithm, version } = splitKeyId(key.keyId);
  return `${algorithm} ${version} ${encodeBase64(key.exportSeed())}\n`;
}

function parseLine(line: string, where: string): Parsed<SigningKey> {
  const [algorithm = '', version = '', seedText = '', ...more] = line.trim().split(/\s+/);
  if (seedText === '' || more.length > 0) {
    return refused('KEY-2', `${where}: not of the form "ed25519 version seed"`);
  }
  if (algorithm !== 'ed25519') return refused('KEY-2', `${where}: algorithm: not ed25519`);
  if (!isKeyId(`ed25519:${version}`)) {
    return refused('KEY-2', `${where}: version: not of letters, digits and _`);
  }
  const seed = decodeBase64(seedText);
  return seed?.byteLength === SEED_BYTES
    ? parsed(createSigningKey(version, seed))
    : refused('KEY-2', `${where}: seed: not ${SEED_BYTES} bytes in Base64`);
}
