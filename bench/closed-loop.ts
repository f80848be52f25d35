/** `senders` do the work `times` times between them, each one piece after the other; answers what came of each. */
export async function closedLoop<T>(
  { senders, times }: { readonly senders: number; readonly times: number },
  work: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < times) {
      const index = next;
      next += 1;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return results;
}
