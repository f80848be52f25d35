const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Canonical text of a JSON number token: integers with all their digits and without exponent (`1e10` becomes `10000000000`,
 * `1.0` becomes `1`, `-0` becomes `0`), other values by the shortest text that a double reads back. Throws a
 * `RangeError` for a token that is no JSON number or beyond any double, neither of which the parser lets pass.
 */
export function canonicalNumber(token: string): string {
  const match = NUMBER.exec(token);
  const double = Number(token);
  if (match === null || !Number.isFinite(double)) throw new RangeError('no finite JSON number');
  const [, sign = '', integer = '', fraction = '', exponent = '0'] = match;
  const digits = `${integer}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const significant = withoutTrailingZeros(digits);
  const shift = Number(exponent) - fraction.length + digits.length - significant.length;
  // A finite double has at most 309 digits before its point, so this stays short.
  if (shift >= 0) return `${sign}${significant}${'0'.repeat(shift)}`;
  return String(double);
}

/** By a loop: `/0+$/` takes quadratic time on zeros that something else follows. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.endsWith('0', end)) end -= 1;
  return digits.slice(0, end);
}
