import {
  createSigningKey,
  isArray,
  isObject,
  member,
  publishServerKeys,
  type JsonObject,
  type JsonValue,
  type ServerName,
} from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore, type Store } from '@hansa/storage';
import { KeyRing } from '../../federation/keys/key-ring.ts';
import { createSignatureChecker } from '../../federation/keys/signature-checker.ts';
import type { FederationPort, SignatureChecker } from '../federation-port.ts';
import { CountedRandom } from './counted-random.ts';
import { TestNetwork } from './test-network.ts';
import type { TestServer } from './test-server.ts';

const DAY_MS = 86_400_000;
const SEED_BYTES = 32;

/** A key that every server of the network used to sign with, until the day before. */
export const RETIRED_KEY = createSigningKey('retired', new Uint8Array(SEED_BYTES).fill(7));

/**
 * One in which events are changed on their way, wherever they stand in a question or an answer, and where signatures are
 * checked as in the product: by what servers publish of their keys.
 */
export class SpoilingNetwork extends TestNetwork {
  /** What becomes of each event that is on its way. */
  spoil: (event: JsonObject) => JsonObject = (event) => event;
  override readonly signatures: SignatureChecker;
  readonly #members = new Map<ServerName, TestServer>();
  readonly #keys: Store;

  private constructor(keys: Store) {
    super();
    this.#keys = keys;
    const ring = new KeyRing({
      own: {
        serverName: 'ring.example' as ServerName,
        signingKey: createSigningKey('1', new Uint8Array(SEED_BYTES)),
        retiredKeys: [],
      },
      store: keys,
      clock: this.time,
      random: new CountedRandom('ring'),
      fetchKeys: async (server) => this.#published(server),
      askNotary: async () => [],
      report() {},
    });
    this.signatures = createSignatureChecker(ring);
  }

  static async open(): Promise<SpoilingNetwork> {
    return new SpoilingNetwork(await openSqliteStore(createMemoryDisk()));
  }

  override async addServer(
    ...[name, options]: Parameters<TestNetwork['addServer']>
  ): Promise<TestServer> {
    const server = await super.addServer(name, options);
    this.#members.set(server.name, server);
    return server;
  }

  override portOf(caller: ServerName): FederationPort {
    return new Proxy(super.portOf(caller), {
      get: (port, question: keyof FederationPort) => {
        const ask = port[question] as (...given: readonly unknown[]) => Promise<unknown>;
        return async (...given: readonly unknown[]) =>
          this.onItsWay(await ask(...given.map((part) => this.onItsWay(part))));
      },
    });
  }

  override inTransaction(event: JsonObject): JsonObject {
    return this.spoil(event);
  }

  /** The same with every event in it changed. */
  onItsWay(value: unknown): unknown {
    if (isPduLike(value)) return { ...value, json: this.onItsWay(value.json) };
    if (!isJson(value)) return value;
    if (isArray(value)) return value.map((part) => this.onItsWay(part));
    if (member(value, 'rules') !== undefined) return value;
    if (isObject(member(value, 'signatures'))) return this.spoil(value);
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, this.onItsWay(part)] as const),
    );
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#keys.close();
  }

  #published(server: ServerName): JsonValue {
    const key = this.#members.get(server)?.key;
    if (key === undefined) throw new Error(`there is no ${server}`);
    const now = this.time.now();
    return publishServerKeys({
      serverName: server,
      keys: [key],
      retired: [
        {
          keyId: RETIRED_KEY.keyId,
          publicKey: RETIRED_KEY.publicKey,
          expiredTs: now - DAY_MS,
        },
      ],
      validUntilTs: now + DAY_MS,
    });
  }
}

function isJson(value: unknown): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !(value instanceof Set);
}

/** An event of the engine's, which carries its form on the wire. */
function isPduLike(value: unknown): value is { readonly json: JsonObject } {
  return typeof value === 'object' && value !== null && 'json' in value && 'eventId' in value;
}
