import type { ServerName } from '@hansa/protocol';
import type { Clock } from '../effects.ts';
import { cachePeriodMs, errorPeriodMs } from './well-known-cache-period.ts';
import { fetchWellKnown } from './fetch-well-known.ts';
import type { Exchange } from './fetch-well-known.ts';

const MAX_ENTRIES = 10_000;
const LONGEST_STALE_MS = 48 * 3_600_000;

interface Entry {
  /** `undefined`: the host delegates to nobody, as far as could be told. */
  readonly delegate: ServerName | undefined;
  readonly askAgainAt: number;
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
  /** Least recently asked first. */
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<Entry>>();

  constructor(ports: WellKnownPorts) {
    this.#ports = ports;
  }

  /** The server that speaks for this host; `undefined` where discovery goes on without one. */
  async findDelegate(host: string): Promise<ServerName | undefined> {
    const known = this.#entries.get(host);
    if (known !== undefined && known.askAgainAt > this.#ports.clock.now()) return known.delegate;
    const running = this.#underWay.get(host);
    if (running !== undefined) return (await running).delegate;
    const asking = this.#ask(host, known);
    this.#underWay.set(host, asking);
    try {
      return (await asking).delegate;
    } finally {
      this.#underWay.delete(host);
    }
  }

  async #ask(host: string, known: Entry | undefined): Promise<Entry> {
    const entry = await this.#fetch(host, known);
    this.#entries.delete(host);
    this.#entries.set(host, entry);
    const oldest = this.#entries.size > MAX_ENTRIES ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  async #fetch(host: string, known: Entry | undefined): Promise<Entry> {
    const { clock, port } = this.#ports;
    try {
      const { delegate, headers } = await fetchWellKnown(this.#ports, host, port);
      const now = clock.now();
      const askAgainAt = now + cachePeriodMs(headers, now);
      return { delegate, askAgainAt, seenAt: now, failures: 0 };
    } catch {
      // A host that cannot be reached or says nothing valid: most have no such file, and the specification goes on to
      // the next step. So there is nothing to tell anybody; the entry says when to look again.
      const now = clock.now();
      const failures = (known?.failures ?? 0) + 1;
      const keep = known !== undefined && now - known.seenAt < LONGEST_STALE_MS;
      return {
        delegate: keep ? known.delegate : undefined,
        askAgainAt: now + errorPeriodMs(failures),
        seenAt: keep ? known.seenAt : Number.NEGATIVE_INFINITY,
        failures,
      };
    }
  }
}
