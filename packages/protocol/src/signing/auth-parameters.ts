import { parsed, refused } from '../decision.ts';
import type { Parsed, Refused } from '../decision.ts';

const KNOWN: ReadonlySet<string> = new Set(['origin', 'destination', 'key', 'sig']);

// All sticky: each reads on where the one before it stopped, so that the work is linear.
const SEPARATORS = /[ \t]*(?:,[ \t]*)*/y;
const NAME = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*/y;
const QUOTED = /"((?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\uffff]|\\[\t\x20-\x7e\x80-\uffff])*)"/y;
const BARE = /[^\s",\\\x00-\x1f\x7f]+/y;
const END = /[ \t]*(?:,|$)/y;

/**
 * Parameters of an `Authorization` header from `start` on, by name in lower case: the four that X-Matrix knows, each once; others are
 * read over. Wider than RFC 9110: a bare value may hold any visible character but `"`, `,` and `\`.
 */
export function parseAuthParameters(
  header: string,
  start: number,
): Parsed<ReadonlyMap<string, string>> {
  const parameters = new Map<string, string>();
  let at = skip(SEPARATORS, header, start);
  while (at < header.length) {
    const name = matchAt(NAME, header, at);
    if (name === undefined) return malformed('a name and "="', at);
    at += name[0].length;
    const value = matchAt(QUOTED, header, at) ?? matchAt(BARE, header, at);
    if (value === undefined) return malformed('a value', at);
    at += value[0].length;
    if (matchAt(END, header, at) === undefined) return malformed('"," or the end', at);
    at = skip(SEPARATORS, header, at);
    const known = name[1]?.toLowerCase() ?? '';
    if (!KNOWN.has(known)) continue;
    if (parameters.has(known)) return refused('XM-4', `Authorization: ${known}: occurs twice`);
    parameters.set(known, value[1]?.replace(/\\(.)/gs, '$1') ?? value[0]);
  }
  return parsed(parameters);
}

function malformed(expected: string, at: number): Refused {
  return refused('XM-3', `Authorization: ${expected} is expected (character ${at})`);
}

function skip(pattern: RegExp, text: string, at: number): number {
  return at + (matchAt(pattern, text, at)?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
