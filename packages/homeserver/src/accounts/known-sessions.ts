import { Buffer } from 'node:buffer';
import type { Session } from '@hansa/storage';

/** Of devices at work at the same time, more or less. */
const MAX_SESSIONS = 10_000;

/** Whose tokens were looked up lately: nearly every request comes from a device that was here a moment ago. */
export class KnownSessions {
  /** By hash of the token, those that were read first come first. */
  readonly #sessions = new Map<string, Session>();
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
    if (session !== undefined && changes === this.#changes) this.#keep(key, session);
    return session;
  }

  /** Sessions of somebody have begun or ended, in what is stored. */
  forget(userId: Session['userId']): void {
    this.#changes += 1;
    for (const [key, session] of this.#sessions) {
      if (session.userId === userId) this.#sessions.delete(key);
    }
  }

  #keep(key: string, session: Session): void {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    this.#sessions.set(key, session);
  }
}
