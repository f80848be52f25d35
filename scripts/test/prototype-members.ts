const PROTOTYPES: readonly (readonly [name: string, prototype: object])[] = [
  Object,
  Function,
  Array,
  String,
  Number,
  Boolean,
  BigInt,
  Map,
  Set,
  Promise,
  Error,
  Uint8Array,
].map((owner) => [owner.name, owner.prototype as object]);

/** What the prototypes of the language hold, each by a name like `Object.prototype.toString`. */
export type PrototypeMembers = ReadonlyMap<string, PropertyDescriptor | undefined>;

export function listPrototypeMembers(): PrototypeMembers {
  return new Map(
    PROTOTYPES.flatMap(([name, prototype]) =>
      Reflect.ownKeys(prototype).map((key) => [
        `${name}.prototype.${String(key)}`,
        Reflect.getOwnPropertyDescriptor(prototype, key),
      ]),
    ),
  );
}

/** Names of the members that the prototypes gained or lost, and of those that are something else than before. */
export function listChangedMembers(before: PrototypeMembers, after: PrototypeMembers): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !isSame(before.get(name), after.get(name)));
}

function isSame(before: PropertyDescriptor = {}, after: PropertyDescriptor = {}): boolean {
  const parts = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const;
  return parts.every((part) => Object.is(before[part], after[part]));
}
