import { eventIdIn, type PeerRequest, type PeerServers } from './peer-servers.ts';
import type { JsonObject } from '@hansa/protocol';

/** When events arrived at servers that this process plays, on the clock of `performance.now`. */
export class Arrivals {
  readonly #seenAt = new Map<string, Map<string, number>>();
  #changed = Promise.withResolvers<void>();
  /** Transactions that brought them. */
  transactions = 0;

  /** From now on what the peers are handed is noted. */
  constructor(peers: PeerServers) {
    peers.answer = (request) => this.#receive(request);
  }

  /** Resolves, when each of the servers has all of the events, with the moments in the order of the servers. */
  async at(
    servers: readonly string[],
    eventIds: readonly string[],
  ): Promise<readonly (readonly number[])[]> {
    for (;;) {
      const { promise } = this.#changed;
      const times = servers.map((server) => {
        const seenAt = this.#seenAt.get(server);
        return eventIds.map((eventId) => seenAt?.get(eventId));
      });
      if (areComplete(times)) return times;
      await promise;
    }
  }

  #receive({ method, path, server, body }: PeerRequest): string | undefined {
    if (method !== 'PUT' || path[1] !== 'send') return undefined;
    const now = performance.now();
    const { pdus = [] } = JSON.parse(body) as { readonly pdus?: readonly JsonObject[] };
    const seenAt = this.#seenAt.get(server) ?? new Map<string, number>();
    this.#seenAt.set(server, seenAt);
    this.transactions += 1;
    for (const pdu of pdus) seenAt.set(eventIdIn(pdu), now);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    return '{"pdus":{}}';
  }
}

function areComplete(
  times: readonly (readonly (number | undefined)[])[],
): times is readonly (readonly number[])[] {
  return times.every((each) => each.every((time) => time !== undefined));
}
