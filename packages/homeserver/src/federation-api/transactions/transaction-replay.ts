import { createHash } from 'node:crypto';
import type { ServerName } from '@hansa/protocol';
import { LRUCache } from 'lru-cache';

/** Answers to transactions, each a few kilobytes at most. */
const MAX_ANSWERS = 4_000;

export interface TransactionKey {
  readonly origin: ServerName;
  readonly transactionId: string;
  readonly body: Uint8Array;
}

/**
 * A transaction that comes again gets the answer that it got, or waits for the one under way. The same id with another
 * body is another transaction: ids are the sender's to mix up. What a restart forgets the engine recognises event by event.
 */
export class TransactionReplay<T extends object> {
  readonly #answers = new LRUCache<string, Promise<T>>({ max: MAX_ANSWERS });

  async run(key: TransactionKey, process: () => Promise<T>): Promise<T> {
    const name = nameOf(key);
    const known = this.#answers.get(name);
    if (known !== undefined) return await known;
    const answer = process();
    this.#answers.set(name, answer);
    try {
      return await answer;
    } catch (error) {
      // Nothing was acknowledged, so the next attempt is a first one.
      this.#answers.delete(name);
      throw error;
    }
  }
}

function nameOf({ origin, transactionId, body }: TransactionKey): string {
  const hash = createHash('sha256').update(body).digest('base64');
  return JSON.stringify([origin, transactionId, hash]);
}
