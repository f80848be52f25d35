import type { TokenFault } from './token-fault.ts';

/** After the backslash: `"`, `/`, `\`, b, f, n, r, t. `u` stands apart. */
const ESCAPES: ReadonlySet<number> = new Set([0x22, 0x2f, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74]);
const HEX_DIGITS = /^[0-9a-fA-F]{4}$/;

/**
 * Offset after the string whose opening quote is at `start`, or why it is none. The string, as its reader will see it, is
 * well-formed Unicode (rules `JSON-7` to `JSON-9`).
 */
export function scanString(source: string, start: number): number | TokenFault {
  let hasSurrogates = false;
  for (let at = start + 1; ; at += 1) {
    const code = source.charCodeAt(at);
    if (code > 0x22 && code < 0xd800 && code !== 0x5c) continue;
    if (code === 0x22) {
      return hasSurrogates ? checkSurrogates(source, start, at + 1) : at + 1;
    }
    if (code === 0x5c) {
      const length = escapeLength(source, at);
      if (typeof length !== 'number') return length;
      hasSurrogates ||= length > 2;
      at += length - 1;
    } else if (code > 0x22) {
      hasSurrogates = true;
    } else if (code < 0x20) {
      return { rule: 'JSON-7', problem: 'control character in the string', offset: at };
    } else if (Number.isNaN(code)) {
      return { rule: 'JSON-5', problem: 'the string does not end', offset: start };
    }
  }
}

/** Whether a backslash stands between the two offsets. A loop: cutting out a key to look into it takes longer. */
export function hasEscape(source: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (source.charCodeAt(at) === 0x5c) return true;
  return false;
}

/** The string whose quotes are at `start` and before `end`; its escapes must have been checked. */
export function readString(source: string, start: number, end: number): string {
  const text = source.slice(start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(source.slice(start, end)) as string) : text;
}

function escapeLength(source: string, at: number): number | TokenFault {
  const code = source.charCodeAt(at + 1);
  if (ESCAPES.has(code)) return 2;
  if (code !== 0x75) {
    return { rule: 'JSON-8', problem: 'unknown escape in the string', offset: at };
  }
  return HEX_DIGITS.test(source.slice(at + 2, at + 6))
    ? 6
    : { rule: 'JSON-8', problem: '"\\u" needs four hexadecimal digits', offset: at };
}

function checkSurrogates(source: string, start: number, end: number): number | TokenFault {
  return readString(source, start, end).isWellFormed()
    ? end
    : { rule: 'JSON-9', problem: 'a surrogate stands alone in the string', offset: start };
}
