import type { RemoteServerError } from '@hansa/net';
import { isObject, member, type JsonValue } from '@hansa/protocol';

/** Of what another server says for its refusal, as it is passed on to a person. */
const MAX_PASSED_ON_CHARS = 200;

/** Why another server did not help, in a sentence that names it once. Where exactly it was looked for, the log says. */
export function explainRemote(error: RemoteServerError): string {
  if (error.reachable) {
    const said = wordsOf(error.body);
    return `${error.message}${said === undefined ? '.' : `: "${said}"`}`;
  }
  return error.transient
    ? `${error.server} cannot be reached.`
    : `${error.server} is at an address that this server does not call: see federation.allowedRanges in its configuration.`;
}

/** @param body parsed JSON, where there was any */
function wordsOf(body: unknown): string | undefined {
  const answer = body as JsonValue | undefined;
  const words = isObject(answer) ? member(answer, 'error') : undefined;
  if (typeof words !== 'string' || words === '') return undefined;
  return words.slice(0, MAX_PASSED_ON_CHARS).replaceAll(/\p{C}/gu, ' ');
}
