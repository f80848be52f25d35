import { isObject, member } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';

/** What `signatures` holds for this entity, under this key; `undefined` where there is nothing of the kind. */
export function findSignature(
  object: JsonObject,
  entity: string,
  keyId: string,
): JsonValue | undefined {
  const ofEntity = signaturesOf(object, entity);
  return ofEntity === undefined ? undefined : member(ofEntity, keyId);
}

/** The object with one more signature. What stood in `signatures` stays, as far as it has the right shape. */
export function addSignature(
  object: JsonObject,
  entity: string,
  keyId: string,
  signature: string,
): JsonObject {
  const all = member(object, 'signatures');
  return {
    ...object,
    signatures: {
      ...(isObject(all) ? all : {}),
      [entity]: { ...signaturesOf(object, entity), [keyId]: signature },
    },
  };
}

/** Signatures of one entity by key id. */
export function signaturesOf(object: JsonObject, entity: string): JsonObject | undefined {
  const all = member(object, 'signatures');
  const ofEntity = isObject(all) ? member(all, entity) : undefined;
  return isObject(ofEntity) ? ofEntity : undefined;
}
