import { fitsBytes, IDENTIFIER_MAX_BYTES } from './byte-length.ts';
import type { ServerName } from './brand.ts';
import { isServerName } from './server-name.ts';

/** Why a text is not `<sigil>localpart:server_name`; `undefined` when it is. Source: appendices, "Common Identifier Format". */
export function faultOfNamespacedId(text: string, sigil: string): string | undefined {
  if (!text.startsWith(sigil)) return `does not start with ${sigil}`;
  const colon = text.indexOf(':');
  if (colon === -1) return 'has no domain';
  if (!fitsBytes(text, IDENTIFIER_MAX_BYTES)) return `is over ${IDENTIFIER_MAX_BYTES} bytes`;
  if (!isServerName(text.slice(colon + 1))) return 'has a domain that is no server name';
  if (text.includes('\0') || !text.isWellFormed()) return 'holds NUL or a lone surrogate';
  return undefined;
}

/** What follows the first colon of an identifier that was parsed with its domain. */
export function domainAfterColon(id: string): ServerName {
  return id.slice(id.indexOf(':') + 1) as ServerName;
}

/** What stands between sigil and first colon. */
export function localpartBeforeColon(id: string): string {
  return id.slice(1, id.indexOf(':'));
}
