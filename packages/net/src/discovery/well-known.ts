import type { ServerName } from '@hansa/protocol';
import { AnswerCache } from '../answer-cache.ts';
import type { Answer } from '../answer-cache.ts';
import type { Clock } from '../effects.ts';
import { cachePeriodMs, errorPeriodMs } from './well-known-cache-period.ts';
import { fetchWellKnown } from './fetch-well-known.ts';
import type { Exchange } from './fetch-well-known.ts';

const MAX_HOSTS = 10_000;
const LONGEST_STALE_MS = 48 * 3_600_000;

export interface KnownDelegate {
  /** The server that speaks for the host; `undefined` where discovery goes on without one. */
  readonly delegate: ServerName | undefined;
  /** Why there is none, or none that is new; `undefined` where the host named one when it was last asked. */
  readonly fault: string | undefined;
}

interface Known extends KnownDelegate {
  /** When the delegation was last seen; a host that only fails to answer keeps it for 48 h. */
  readonly seenAt: number;
  readonly failures: number;
}

export interface WellKnownPorts {
  readonly clock: Clock;
  readonly exchange: Exchange;
  /** 443 unless told; for test networks. */
  readonly port?: number;
}

/** Delegations by `/.well-known/matrix/server`, remembered, and asked for once however many want to know. */
export class WellKnown {
  readonly #ports: WellKnownPorts;
  readonly #known: AnswerCache<Known>;

  constructor(ports: WellKnownPorts) {
    this.#ports = ports;
    this.#known = new AnswerCache(ports.clock, MAX_HOSTS);
  }

  async findDelegate(host: string): Promise<KnownDelegate> {
    return await this.#known.get(host, (before) => this.#ask(host, before));
  }

  async #ask(host: string, before: Known | undefined): Promise<Answer<Known>> {
    const { clock, port } = this.#ports;
    try {
      const { delegate, headers } = await fetchWellKnown(this.#ports, host, port);
      const keepMs = cachePeriodMs(headers, clock.now());
      const seenAt = clock.monotonic();
      return { value: { delegate, fault: undefined, seenAt, failures: 0 }, keepMs };
    } catch (error) {
      // A host that cannot be reached or says nothing valid: most have no such file, and the specification goes on to
      // the next step.
      const failures = (before?.failures ?? 0) + 1;
      const isStale = clock.monotonic() - (before?.seenAt ?? 0) >= LONGEST_STALE_MS;
      const value = {
        delegate: isStale ? undefined : before?.delegate,
        fault: error instanceof Error ? error.message : String(error),
        seenAt: before?.seenAt ?? 0,
        failures,
      };
      return { value, keepMs: errorPeriodMs(failures) };
    }
  }
}
