import { TLSSocket } from 'node:tls';
import { Socket } from 'node:net';
import { VirtualEffects } from '@hansa/testkit';
import { createAddressGuard } from '../address-guard.ts';
import { DnsError } from '../dns/dns-error.ts';
import { GuardedConnector, trustOf } from '../guarded-connector.ts';
import type { TlsPeer } from '../open-tls.ts';

/** What becomes of a connection to an address: it stands, fails, or nothing is heard of it. */
export type Fate = 'opens' | 'refuses' | 'is silent';

/** A connector in a world of names and addresses, without a network; and what it opened. */
export function connectorIn(world: {
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  /** By address, or by `address port`; what is not named refuses. */
  readonly fates?: Readonly<Record<string, Fate>>;
  readonly allowedRanges?: readonly string[];
}) {
  const { addresses = {}, fates = {}, allowedRanges = [] } = world;
  const effects = new VirtualEffects();
  const opened: string[] = [];
  const connector = new GuardedConnector({
    resolver: {
      resolveAddresses: async (host) => {
        const found = Object.hasOwn(addresses, host) ? addresses[host] : undefined;
        if (found === undefined) throw new DnsError('nothing', 'no records');
        return found;
      },
    },
    guard: createAddressGuard(allowedRanges),
    timers: effects.timers,
    random: effects.random,
    trust: trustOf([]),
    open: async ({ address, port }: TlsPeer, signal) => {
      const at = `${address} ${port}`;
      opened.push(at);
      const fate = fates[at] ?? fates[address] ?? 'refuses';
      if (fate === 'refuses') throw Object.assign(new Error(at), { code: 'ECONNREFUSED' });
      return fate === 'opens' ? namedSocket(at) : await untilAborted(signal);
    },
  });
  return { connector, effects, opened };
}

/** Which connection it was, of those that `connectorIn` opens. */
export function nameOf(socket: TLSSocket): string {
  return NAMES.get(socket) ?? 'unknown';
}

const NAMES = new WeakMap<TLSSocket, string>();

function namedSocket(name: string): TLSSocket {
  const socket = new TLSSocket(new Socket());
  NAMES.set(socket, name);
  return socket;
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return await promise;
}
