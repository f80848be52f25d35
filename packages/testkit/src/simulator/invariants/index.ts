import { nothingIsLeftOver } from './nothing-is-left-over.ts';
import type { Invariant } from './simulated.ts';

type Named = Readonly<Record<string, Invariant>>;

/** What must hold once all faults have ended and nothing is on its way; and after everybody has said something more. */
export const INVARIANTS: { readonly healed: Named; readonly ended: Named } = {
  healed: { 'nothing is left over': nothingIsLeftOver },
  ended: { 'nothing is left over': nothingIsLeftOver },
};
