const PROTOTYPES: readonly (readonly [name: string, prototype: object])[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Promise,
  Error,
  Uint8Array,
].map((owner) => [owner.name, owner.prototype as object]);

/** What the prototypes of the language hold, each as `Object.prototype.toString`. */
export function listPrototypeMembers(): ReadonlySet<string> {
  return new Set(
    PROTOTYPES.flatMap(([name, prototype]) =>
      Reflect.ownKeys(prototype).map((key) => `${name}.prototype.${String(key)}`),
    ),
  );
}
