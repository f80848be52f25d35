/** Patterns of event types: most are plain names, and `*` stands for any run of characters. */
export class TypePatterns {
  readonly #names = new Set<string>();
  /** What stands between the stars. */
  readonly #globs: (readonly string[])[] = [];

  constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      if (pattern.includes('*')) this.#globs.push(pattern.split('*'));
      else this.#names.add(pattern);
    }
  }

  match(type: string): boolean {
    return this.#names.has(type) || this.#globs.some((parts) => matchesParts(parts, type));
  }
}

/** Each part is looked for once, leftmost, behind the one before it; by the engine's own search, which is fast. */
function matchesParts(parts: readonly string[], type: string): boolean {
  const [head = '', ...middle] = parts;
  const tail = middle.pop() ?? '';
  const end = type.length - tail.length;
  if (!type.startsWith(head) || !type.endsWith(tail) || end < head.length) return false;
  let at = head.length;
  for (const part of middle) {
    const found = type.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= end;
}
