import { compileAcl, type Pdu, type ServerName } from '@hansa/protocol';
import { LRUCache } from 'lru-cache';

/** A few times what rooms with one have in use at a moment. Of an event of 64 KB each takes some megabytes. */
const MAX_COMPILED = 16;
/** One for each server of each room with one that something came from lately. */
const MAX_ANSWERS = 50_000;

type CompiledAcl = ReturnType<typeof compileAcl>;

/**
 * What ACLs say of servers. An ACL of thousands of patterns takes tens of milliseconds to read and as many to ask: each is
 * done once, not for everything that comes.
 */
export class ServerAcls {
  readonly #compiled = new LRUCache<string, CompiledAcl>({ max: MAX_COMPILED });
  readonly #answers = new LRUCache<string, boolean>({ max: MAX_ANSWERS });

  /** By the event of the room's state; without one all servers are allowed. */
  allows(event: Pick<Pdu, 'eventId' | 'content'> | undefined, server: ServerName): boolean {
    if (event === undefined) return true;
    const { eventId } = event;
    const question = `${eventId} ${server}`;
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const acl = this.#compiled.get(eventId) ?? compileAcl(event.content);
    this.#compiled.set(eventId, acl);
    const answer = acl.allows(server);
    this.#answers.set(question, answer);
    return answer;
  }
}
