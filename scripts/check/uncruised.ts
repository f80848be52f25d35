/** The files that a cruise has missed. `.d.ts` files declare and import nothing. */
export function findUncruised(files: readonly string[], cruised: readonly string[]): string[] {
  const seen = new Set(cruised);
  return files.filter((path) => !path.endsWith('.d.ts') && !seen.has(path));
}
