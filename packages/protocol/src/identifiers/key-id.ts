import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { KeyId } from './brand.ts';

const KEY_ID_MAX_CHARS = 255;
const ALGORITHM = /^[a-z][a-z0-9_.-]*$/;
const VERSION = /^[A-Za-z0-9_]+$/;

/** Parts of `algorithm:version`. */
export interface KeyIdParts {
  readonly algorithm: string;
  readonly version: string;
}

/** Id of a server's signing key. Source: server-server API, "Retrieving server keys"; appendices, "Signing Details". */
export function parseKeyId(text: string): Parsed<KeyId> {
  return isKeyId(text)
    ? parsed(text)
    : refused('ID-6.1', 'a key id is algorithm:version, its version of letters, digits and _');
}

export function isKeyId(text: string): text is KeyId {
  if (text.length > KEY_ID_MAX_CHARS) return false;
  const { algorithm, version } = splitAtColon(text);
  return ALGORITHM.test(algorithm) && VERSION.test(version);
}

export function splitKeyId(keyId: KeyId): KeyIdParts {
  return splitAtColon(keyId);
}

function splitAtColon(text: string): KeyIdParts {
  const colon = text.indexOf(':');
  if (colon === -1) return { algorithm: text, version: '' };
  return { algorithm: text.slice(0, colon), version: text.slice(colon + 1) };
}
