import type { StateRef } from '@hansa/storage';

/** The same for the same state, for maps. */
export function nameOfRef({ timeline, at }: StateRef): string {
  return `${timeline} ${at}`;
}

export function isSameRef(a: StateRef, b: StateRef): boolean {
  return a.timeline === b.timeline && a.at === b.at;
}

export function distinctRefs(refs: readonly StateRef[]): readonly StateRef[] {
  return [...new Map(refs.map((ref) => [nameOfRef(ref), ref])).values()];
}
