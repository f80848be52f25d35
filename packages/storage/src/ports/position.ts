/**
 * Place of a change in the server's one sequence. Who has seen a position has seen everything up to it.
 * It is known when the part commits; until then a slot stands for it.
 */
export type Position = number | PositionSlot;

/** The `index`-th position that a part asked for, counted from 0. */
export interface PositionSlot {
  readonly index: number;
}
