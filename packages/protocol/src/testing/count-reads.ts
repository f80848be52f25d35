/** The same object, which counts how often one of its members is read. */
export function countReads<T extends object>(object: T, reads: { count: number }): T {
  return new Proxy(object, {
    get(target, key, receiver): unknown {
      reads.count += 1;
      return Reflect.get(target, key, receiver);
    },
  });
}
