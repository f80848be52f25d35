import { Buffer } from 'node:buffer';
import type { Session } from '@hansa/storage';
import { LRUCache } from 'lru-cache';

/** Of devices at work at the same time, more or less. */
const MAX_SESSIONS = 10_000;

/** Whose tokens were looked up lately: nearly every request comes from a device that was here a moment ago. */
export class KnownSessions {
  /** By hash of the token, in Base64; those that were asked for last. */
  readonly #sessions = new LRUCache<string, Session>({ max: MAX_SESSIONS });
  /** How often anybody's sessions have changed. */
  #changes = 0;

  /** The session with this hash; what is not known is asked for. */
  async find(
    tokenHash: Uint8Array,
    ask: () => Promise<Session | undefined>,
  ): Promise<Session | undefined> {
    const key = Buffer.from(tokenHash).toString('base64');
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const changes = this.#changes;
    const session = await ask();
    // What was read before a session ended may be that session.
    if (session !== undefined && changes === this.#changes) this.#sessions.set(key, session);
    return session;
  }

  /** Sessions of somebody have begun or ended, in what is stored, or may have. */
  forget(userId: Session['userId']): void {
    this.#changes += 1;
    const theirs = [...this.#sessions.entries()].filter(([, session]) => session.userId === userId);
    for (const [key] of theirs) this.#sessions.delete(key);
  }
}
