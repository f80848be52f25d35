import type { JsonObject } from '@hansa/protocol';
import { Type } from 'typebox';

/** Member of the bodies that change a membership: why, in words. */
export const REASON = { reason: Type.Optional(Type.String({ maxLength: 4096 })) };

export function withReason({ reason }: { readonly reason?: string }): JsonObject {
  return reason === undefined ? {} : { reason };
}
