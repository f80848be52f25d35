/** Offset of the first character from `start` on that is no white space of JSON. */
export function skipSpace(source: string, start: number): number {
  for (let at = start; ; at += 1) {
    const code = source.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
  }
}
