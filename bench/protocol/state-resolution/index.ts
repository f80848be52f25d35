import type { Row } from '../../row.ts';
import { largeForkRows } from './large-fork.ts';
import { longestTurnRows } from './longest-turn.ts';
import { smallFork } from './small-fork.ts';

export const stateResolutionRows: readonly Row[] = [
  ...largeForkRows,
  ...longestTurnRows,
  smallFork,
];
