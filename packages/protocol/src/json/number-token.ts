import type { TokenFault } from './token-fault.ts';

/** Offset after the number whose first character is at `start`, or why it is none (rules `JSON-5`, `JSON-12`). */
export function scanNumber(source: string, start: number): number | TokenFault {
  const integer = source.charCodeAt(start) === 0x2d ? start + 1 : start;
  let at = skipDigits(source, integer);
  if (at === integer) return digitExpected(at);
  if (at > integer + 1 && source.charCodeAt(integer) === 0x30) {
    return { rule: 'JSON-5', problem: 'a number begins with a needless zero', offset: integer };
  }
  const integerEnd = at;
  if (source.charCodeAt(at) === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(source, fraction);
    if (at === fraction) return digitExpected(at);
  }
  const letter = source.charCodeAt(at);
  if (letter === 0x65 || letter === 0x45) {
    const sign = source.charCodeAt(at + 1);
    const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    at = skipDigits(source, exponent);
    if (at === exponent) return digitExpected(at);
  }
  if (at === integerEnd || Number.isFinite(Number(source.slice(start, at)))) return at;
  return { rule: 'JSON-12', problem: 'the number is beyond any double', offset: start };
}

/** Whether a checked number token is a JavaScript integer as it stands: no fraction, exponent, `-0`, and held exactly. */
export function isPlainInteger(source: string, start: number, end: number): boolean {
  const digits = source.charCodeAt(start) === 0x2d ? start + 1 : start;
  if (skipDigits(source, digits) !== end) return false;
  if (digits > start && source.charCodeAt(digits) === 0x30) return false;
  return end - digits < 16 || Number.isSafeInteger(Number(source.slice(start, end)));
}

function skipDigits(source: string, start: number): number {
  let at = start;
  for (;;) {
    const code = source.charCodeAt(at);
    if (!(code >= 0x30 && code <= 0x39)) return at;
    at += 1;
  }
}

function digitExpected(offset: number): TokenFault {
  return { rule: 'JSON-5', problem: 'a digit is expected', offset };
}
