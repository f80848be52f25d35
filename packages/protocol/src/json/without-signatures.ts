import type { JsonObject } from './value.ts';

/** The object without the two members that no signature covers. Source: appendices, "Signing Details". */
export function withoutSignatures(object: JsonObject): JsonObject {
  const { signatures: _signatures, unsigned: _unsigned, ...covered } = object;
  return covered;
}
