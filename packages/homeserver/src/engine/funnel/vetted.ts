import type { Pdu } from '@hansa/protocol';

declare const vetted: unique symbol;

/**
 * An event that has passed checks 1 to 3: its format, the signatures that it needs, its content hash. Only this
 * folder makes one, and nothing else can be stored.
 */
export type Vetted = Pdu & { readonly [vetted]: true };

export function asVetted(pdu: Pdu): Vetted {
  return pdu as Vetted;
}
