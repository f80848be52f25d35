/** A header such as `Content-Type` or `Content-Disposition`: a word, and parameters by their lower-case names. */
export interface ParameterHeader {
  /** In lower case. */
  readonly value: string;
  /** The first of each name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_CHARS = 4096;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const VALUE = new RegExp(`^[\\t ]*(${TOKEN}(?:/${TOKEN})?)[\\t ]*`);
const PARAMETER = new RegExp(
  `^;[\\t ]*(${TOKEN})=(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))[\\t ]*`,
  's',
);
const EMPTY_PARAMETER = /^;[\t ]*/;

/** `undefined` where it is not in the form. Source: RFC 9110, sections 5.6.6 and 8.3.1. */
export function readParameterHeader(text: string): ParameterHeader | undefined {
  if (text.length > MAX_CHARS) return undefined;
  const [whole, value] = VALUE.exec(text) ?? [];
  if (whole === undefined || value === undefined) return undefined;
  const parameters = new Map<string, string>();
  let rest = text.slice(whole.length);
  while (rest !== '') {
    const [match, name, quoted, token] = PARAMETER.exec(rest) ?? [];
    if (match === undefined || name === undefined) {
      const [empty] = EMPTY_PARAMETER.exec(rest) ?? [];
      if (empty === undefined) return undefined;
      rest = rest.slice(empty.length);
      if (rest !== '' && !rest.startsWith(';')) return undefined;
      continue;
    }
    const key = name.toLowerCase();
    const text = token ?? (quoted ?? '').replaceAll(/\\(.)/gs, '$1');
    if (!parameters.has(key)) parameters.set(key, text);
    rest = rest.slice(match.length);
  }
  return { value: value.toLowerCase(), parameters };
}
