/** A path of the federation API: each value becomes one segment, percent-encoded. */
export function requestPath(literal: TemplateStringsArray, ...segments: readonly string[]): string {
  return String.raw({ raw: literal }, ...segments.map(encodeURIComponent));
}

/** Appends a query; a name may come several times. */
export function withQuery(path: string, pairs: readonly (readonly [string, string])[]): string {
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
