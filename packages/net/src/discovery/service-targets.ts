import { DnsError } from '../dns/dns-error.ts';
import type { ServiceRecord } from '../dns/dns-queries.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Target } from '../endpoint.ts';

/** In the order of the specification: the second is deprecated, and asked for where the first is not there. */
const SERVICES = ['_matrix-fed._tcp', '_matrix._tcp'];
/** Of one service; those of the lowest priority values. */
const MAX_TARGETS = 10;

export interface FoundServices {
  /** None where there are no SRV records, or not so that we could read them. */
  readonly targets: readonly Target[];
  /** Not where the host decidedly has no such service. */
  readonly isOffered: boolean;
  /** What was asked and what came of it, in words. */
  readonly steps: readonly string[];
}

/** Where a host's federation is, by SRV records. Source: server-server API, "Resolving server names", steps 4 and 5. */
export class ServiceTargets {
  readonly #resolver: Pick<Resolver, 'resolveServices'>;

  constructor(resolver: Pick<Resolver, 'resolveServices'>) {
    this.#resolver = resolver;
  }

  async find(host: string): Promise<FoundServices> {
    const steps: string[] = [];
    for (const service of SERVICES) {
      const name = `${service}.${host}`;
      const records = await this.#ask(name);
      if (records instanceof DnsError) {
        steps.push(`SRV ${name}: ${records.message}`);
        // It would be as silent about the next; some name servers drop every such question.
        if (records.kind === 'silent') break;
        continue;
      }
      const targets = targetsOf(records);
      steps.push(`SRV ${name}: ${describe(targets)}`);
      return { targets, isOffered: targets.length > 0, steps };
    }
    return { targets: [], isOffered: true, steps };
  }

  async #ask(name: string): Promise<readonly ServiceRecord[] | DnsError> {
    try {
      return await this.#resolver.resolveServices(name);
    } catch (error) {
      if (error instanceof DnsError) return error;
      throw error;
    }
  }
}

/** Those that can be connected to: the root as a target means "not here" (RFC 2782). */
function targetsOf(records: readonly ServiceRecord[]): readonly Target[] {
  return records
    .filter(({ target, port }) => target !== '' && target !== '.' && port !== 0)
    .map(({ target, port, priority, weight }) => ({ host: target, port, priority, weight }))
    .toSorted((one, other) => one.priority - other.priority)
    .slice(0, MAX_TARGETS);
}

function describe(targets: readonly Target[]): string {
  if (targets.length === 0) return 'federation is not offered';
  return targets.map(({ host, port }) => `${host}, port ${port}`).join('; ');
}
