const INTEGER = /^-?\d+$/;
const SCALED_INTEGER = /^-?\d+[eE]\+?\d+$/;

/**
 * Canonical text of a JSON number token. An integer keeps all its digits, however many (`-0` becomes `0`). One times a
 * power of ten is written out while a double holds it exactly: `1e10` becomes `10000000000`. Every other number gets the
 * shortest text that a double reads back, with a fraction or an exponent, as Synapse has it: the `1.0` that it hashed
 * and signed must not become `1` here. `undefined` for a token beyond any double, which the parser does not let pass.
 */
export function canonicalNumber(token: string): string | undefined {
  if (INTEGER.test(token)) return token === '-0' ? '0' : token;
  const double = Number(token);
  if (!Number.isFinite(double)) return undefined;
  if (SCALED_INTEGER.test(token) && Number.isSafeInteger(double)) return String(double);
  return formatDouble(double);
}

/** `1.0`, `0.0001`, `1e-05`, `1e+16`: a fraction between 10^-4 and 10^16, beyond them an exponent of two digits or more. */
function formatDouble(double: number): string {
  const size = Math.abs(double);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) {
    const text = String(double);
    return text.includes('.') ? text : `${text}.0`;
  }
  return double.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
