import { createSigningKey } from '@hansa/protocol';
import type { Pdu, ServerName } from '@hansa/protocol';
import type { Readers } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import type { RoomEngine } from '../../engine/room-engine.ts';
import type { RoomViews, StateView } from '../../engine/room-views.ts';
import type { FederationApiPorts } from '../federation-routes.ts';

export const OURS = 'ours.test' as ServerName;

/** Ports in which nothing exists but what a test gives; what it forgot throws with its name. */
export function stubPorts(given: {
  readonly engine?: Partial<RoomEngine>;
  readonly views?: Partial<RoomViews>;
  readonly accounts?: Partial<Readers['accounts']>;
  readonly directory?: Partial<Readers['directory']>;
  readonly typing?: Partial<FederationApiPorts['typing']>;
  readonly receipts?: Partial<FederationApiPorts['receipts']>;
  readonly media?: Partial<FederationApiPorts['media']>;
  readonly findDocument?: FederationApiPorts['keyRing']['findDocument'];
  readonly delegate?: string;
}): FederationApiPorts {
  const effects = new VirtualEffects();
  return {
    own: {
      serverName: OURS,
      signingKey: createSigningKey('a', new Uint8Array(32)),
      retiredKeys: [],
    },
    engine: stub('engine', given.engine),
    views: stub('views', given.views),
    readers: {
      accounts: stub('accounts', given.accounts),
      directory: stub('directory', given.directory),
    },
    typing: stub('typing', given.typing),
    receipts: { receive: async () => 0, ...given.receipts },
    media: stub('media', given.media),
    clock: effects.clock,
    random: effects.random,
    keyRing: { findDocument: given.findDocument ?? (async () => undefined) },
    version: '1.2.3',
    delegate: given.delegate,
  };
}

function stub<T extends object>(name: string, given: Partial<T> | undefined): T {
  return new Proxy((given ?? {}) as T, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (value === undefined) throw new Error(`${name}.${String(key)} is not stubbed`);
      return value;
    },
  });
}

export function stateOf(events: readonly Pdu[]): StateView {
  return {
    find: async (type, stateKey) =>
      events.find((event) => event.type === type && event.stateKey === stateKey),
    list: async (type) => events.filter((event) => type === undefined || event.type === type),
  };
}
