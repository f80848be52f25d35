const FORBIDDEN = new Set(['utils', 'util', 'common', 'shared', 'helpers', 'types']);

/** The files that stand in a folder whose name says nothing of what is in it. */
export function findForbiddenFolders(files: readonly string[]): string[] {
  return files.filter((path) =>
    path
      .split('/')
      .slice(0, -1)
      .some((folder) => FORBIDDEN.has(folder)),
  );
}

/** One line on the lengths of files, beside what the house aims at. */
export function describeSizes(lines: readonly number[]): string {
  const sorted = lines.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return (
    `${sorted.length} files that ship: median ${at(0.5)} lines (aim 70), ` +
    `nine of ten within ${at(0.9)} (200), longest ${at(1)} (400)`
  );
}
