import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { KeyId, ServerName } from '../identifiers/brand.ts';
import { isKeyId } from '../identifiers/key-id.ts';
import { isServerName } from '../identifiers/server-name.ts';
import { parseAuthParameters } from './auth-parameters.ts';

/** What an `Authorization: X-Matrix` header says. */
export interface XMatrix {
  readonly origin: ServerName;
  /** Servers before Matrix 1.3 do not send it. */
  readonly destination: ServerName | undefined;
  readonly key: KeyId;
  /** Base64, as the peer wrote it. */
  readonly sig: string;
}

/** Longer than the longest names and a signature with every character escaped. */
const MAX_HEADER_CHARS = 4_096;

/**
 * Reads the value of an `Authorization` header, as widely as peers write it: names in any case and order, white space around
 * commas and `=`, values quoted with escapes or bare, colons in bare ones (rules `XM-1` to `XM-6`).
 * Source: server-server API, "Request Authentication"; RFC 9110, section 11.
 */
export function parseAuthorization(header: string): Parsed<XMatrix> {
  if (header.length > MAX_HEADER_CHARS) {
    return refused('XM-1', `Authorization: longer than ${MAX_HEADER_CHARS} characters`);
  }
  const scheme = /^[ \t]*X-Matrix[ \t]+/i.exec(header);
  if (scheme === null) return refused('XM-2', 'Authorization: the scheme is not X-Matrix');
  const parameters = parseAuthParameters(header, scheme[0].length);
  return parameters.ok ? readXMatrix(parameters.value) : parameters;
}

/** The header as the specification wants it sent: every value quoted, one space, `sig` and `destination` always there. */
export function formatAuthorization(
  fields: XMatrix & { readonly destination: ServerName },
): string {
  const { origin, destination, key, sig } = fields;
  return `X-Matrix origin="${origin}",destination="${destination}",key="${key}",sig="${sig}"`;
}

function readXMatrix(parameters: ReadonlyMap<string, string>): Parsed<XMatrix> {
  const origin = parameters.get('origin') ?? '';
  const destination = parameters.get('destination');
  const key = parameters.get('key') ?? '';
  const sig = parameters.get('sig') ?? '';
  if (!isServerName(origin)) return refused('XM-5', 'Authorization: origin: not a server name');
  if (destination !== undefined && !isServerName(destination)) {
    return refused('XM-5', 'Authorization: destination: not a server name');
  }
  if (!isKeyId(key)) return refused('XM-5', 'Authorization: key: not a key id');
  if (sig === '') return refused('XM-5', 'Authorization: sig: missing');
  return parsed({ origin, destination, key, sig });
}
