import { fileURLToPath } from 'node:url';
import { tools } from './tools.ts';

export interface Step {
  readonly name: string;
  readonly says: string;
  /** What the pinned Node runs. */
  readonly args: readonly string[];
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The longest first: they run two at a time. */
export const steps: readonly Step[] = [
  { name: 'dead-code', says: 'nothing unused (knip)', args: [tools.deadCode, '--no-config-hints'] },
  {
    name: 'lint',
    says: 'house rules (oxlint, with types)',
    args: [tools.lint, '--report-unused-disable-directives-severity=error'],
  },
  {
    name: 'types',
    says: 'types hold (TypeScript 7)',
    // More checkers repeat work, and the cores are busy with the other steps.
    args: [tools.types, '-p', 'tsconfig.json', '--checkers', '1'],
  },
  {
    name: 'boundaries',
    says: 'imports point one way (dependency-cruiser)',
    args: [here('boundaries.ts')],
  },
  { name: 'format', says: 'formatted (oxfmt)', args: [tools.format, '--check', '.'] },
  { name: 'layout', says: 'folder names and file sizes', args: [here('layout.ts')] },
];
