/** What events are made of here: no floats, no `null` where a key is left out. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

const NEEDS_ESCAPES = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * Canonical JSON in the fewest steps, written apart from the product's so that each can be held against the other. Keys
 * are sorted by UTF-16 code units, which differs from the specification's order only where keys have emoji.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${quote(key)}:${canonicalJson(value[key] ?? null)}`;
  }
  return `{${text}}`;
}

function quote(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
