import { Slots } from '@hansa/net';
import type { Clock, Random } from '@hansa/net';
import { isObject, keyForEvent, keyForRequest, parseServerKeys } from '@hansa/protocol';
import type {
  JsonObject,
  JsonValue,
  KeyId,
  Parsed,
  Pdu,
  ServerKeys,
  ServerName,
  VerifyKey,
} from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { LRUCache } from 'lru-cache';
import type { OwnIdentity } from '../../own-identity.ts';
import { KeyFailures } from './key-failures.ts';
import type { KeyFailure } from './key-failures.ts';
import { documentOf, knownKeysOf, rowsAfter } from './known-keys.ts';
import type { KnownKeys } from './known-keys.ts';
import { Notaries } from './notaries.ts';
import { ownKeys } from './own-keys.ts';

const MAX_SERVERS = 10_000;
/** A document this young is not asked for again, whatever key it lacks: ids are cheap to invent. */
const MIN_REFETCH_MS = 60_000;
/** At a time: anybody can name a server that never answers, and other requests need their connections. */
const MAX_FETCHES = 20;
/** Servers that nobody has heard of and that wait to be asked; of more nothing is known for now. */
const MAX_WAITING = 1_000;

export interface KeyRingPorts {
  readonly own: OwnIdentity;
  readonly store: KeyStore;
  readonly fetchKeys: (server: ServerName) => Promise<JsonValue>;
  /** Documents of a server, as another one has them. */
  readonly askNotary: (notary: ServerName, server: ServerName) => Promise<readonly JsonObject[]>;
  /** Told of notaries that contradict each other. */
  readonly report: (problem: string) => void;
  readonly clock: Clock;
  readonly random: Random;
}

type KeyStore = Pick<Store, 'transact'> & {
  readonly readers: Pick<Store['readers'], 'keys'>;
};

/** The key; or why it is not valid; or, where its server could not be asked, neither. */
export type KeyAnswer = Parsed<VerifyKey> | { readonly ok: 'unavailable'; readonly reason: string };

type Judge = (document: ServerKeys) => Parsed<VerifyKey>;

interface Question {
  readonly server: ServerName;
  readonly keyId: KeyId;
  readonly judge: Judge;
  /** The server itself seems to speak to us, so it may be back. */
  readonly isHeard: boolean;
}

/**
 * Keys of other servers: remembered, and fetched from the server itself where what is remembered does not do. Many
 * who ask for the same server at once cause one request; a server that fails is left alone for longer and longer. Only
 * then, and only for events, others are asked. Source: server-server API, "Retrieving server keys".
 */
export class KeyRing {
  readonly #ports: KeyRingPorts;
  readonly #own: ServerKeys;
  readonly #known = new LRUCache<ServerName, KnownKeys>({ max: MAX_SERVERS });
  readonly #failures: KeyFailures;
  readonly #notaries: Notaries;
  readonly #strangers = new Slots(MAX_FETCHES);
  /** Servers that have shown their keys before never stand behind names that somebody has made up. */
  readonly #acquaintances = new Slots(MAX_FETCHES);
  readonly #fetching = new Map<ServerName, Promise<KnownKeys | KeyFailure>>();

  constructor(ports: KeyRingPorts) {
    this.#ports = ports;
    this.#own = ownKeys(ports.own);
    this.#failures = new KeyFailures(ports);
    this.#notaries = new Notaries({
      ...ports,
      serverName: ports.own.serverName,
      findNotaryKey: (notary, keyId) => this.findRequestKey(notary, keyId),
      isSilent: async (server) => {
        const failure = await this.#failures.find(server);
        return failure !== undefined && !this.#failures.isDue(failure, false);
      },
    });
  }

  /** For a request that arrives now. */
  async findRequestKey(server: ServerName, keyId: KeyId): Promise<KeyAnswer> {
    const { clock } = this.#ports;
    const judge: Judge = (keys) => keyForRequest(keys, keyId, clock.now());
    return await this.#find({ server, keyId, judge, isHeard: true });
  }

  /**
   * For an event, whenever it was sent. Where its server cannot be asked, these are, the first of them that answer: servers
   * that have seen such events before.
   */
  async findEventKey(
    server: ServerName,
    keyId: KeyId,
    { originServerTs, rules }: Pick<Pdu, 'originServerTs' | 'rules'>,
    notaries: readonly ServerName[] = [],
  ): Promise<KeyAnswer> {
    const judge: Judge = (keys) => keyForEvent(keys, keyId, originServerTs, rules);
    const question = { server, keyId, judge, isHeard: false };
    const answer = await this.#find(question);
    if (answer.ok !== 'unavailable') return answer;
    return (await this.#findNotarised(question, notaries)) ?? answer;
  }

  /**
   * What a server said of its keys, as it signed it, for somebody who asks us and wants keys that are valid until then
   * (milliseconds since the epoch). It is asked again at half the time that it gave; where it cannot be, what it said
   * last. Source: server-server API, "Querying Keys Through Another Server".
   */
  async findDocument(server: ServerName, validUntilTs: number): Promise<JsonObject | undefined> {
    const { store, clock } = this.#ports;
    const find = () => store.readers.keys.findKeyDocument(server);
    const stored = await find();
    if (stored !== undefined && stored.validUntilTs >= validUntilTs) {
      const halfTime = (stored.fetchedAt + stored.validUntilTs) / 2;
      if (clock.now() < halfTime) return stored.document;
    }
    const known = await this.#load(server);
    if (stored === undefined || !this.#isFresh(known)) await this.#refresh(known, false);
    return (await find())?.document;
  }

  async #find({ server, keyId, judge, isHeard }: Question): Promise<KeyAnswer> {
    if (server === this.#own.serverName) return judge(this.#own);
    const known = await this.#load(server);
    const answer = judge(documentOf(known, keyId));
    if (answer.ok || this.#isFresh(known)) return answer;
    const fetched = await this.#refresh(known, isHeard);
    if ('retryAt' in fetched) return { ok: 'unavailable', reason: fetched.reason };
    return judge(documentOf(fetched, keyId));
  }

  /** What notaries tell lets a key be valid, or nothing: it refutes no event, nor what the server has said itself. */
  async #findNotarised(
    { server, keyId, judge }: Question,
    notaries: readonly ServerName[],
  ): Promise<Parsed<VerifyKey> | undefined> {
    const known = await this.#load(server);
    const own = known.keys.get(keyId);
    if (own?.row.expiredTs !== undefined) return undefined;
    const isFit = (keys: ServerKeys | undefined): Parsed<VerifyKey> | undefined => {
      const answer = keys && judge(keys);
      if (answer?.ok !== true) return undefined;
      return own === undefined || own.row.publicKey === answer.value.publicKey ? answer : undefined;
    };
    const believed = isFit(await this.#notaries.find(server));
    return believed ?? isFit(await this.#notaries.ask(known, notaries));
  }

  async #load(server: ServerName): Promise<KnownKeys> {
    const cached = this.#known.get(server);
    if (cached !== undefined) return cached;
    const rows = await this.#ports.store.readers.keys.listKeys(server);
    const known = knownKeysOf(server, rows);
    // A fetch may have finished meanwhile; what it brought is newer.
    const newer = this.#known.get(server);
    if (newer !== undefined) return newer;
    this.#known.set(server, known);
    return known;
  }

  #isFresh({ fetchedAt }: KnownKeys): boolean {
    return fetchedAt !== undefined && this.#ports.clock.now() - fetchedAt < MIN_REFETCH_MS;
  }

  async #refresh(known: KnownKeys, isHeard: boolean): Promise<KnownKeys | KeyFailure> {
    const { server } = known;
    const running = this.#fetching.get(server);
    if (running !== undefined) return await running;
    const fetching = this.#fetchWhenDue(known, isHeard);
    this.#fetching.set(server, fetching);
    try {
      return await fetching;
    } finally {
      this.#fetching.delete(server);
    }
  }

  async #fetchWhenDue(known: KnownKeys, isHeard: boolean): Promise<KnownKeys | KeyFailure> {
    const failure = await this.#failures.find(known.server);
    if (failure !== undefined && !this.#failures.isDue(failure, isHeard)) return failure;
    return await this.#fetch(known, failure?.count ?? 0);
  }

  async #fetch(known: KnownKeys, failuresBefore: number): Promise<KnownKeys | KeyFailure> {
    const { fetchKeys, clock, store } = this.#ports;
    const { server } = known;
    const slots = known.keys.size > 0 ? this.#acquaintances : this.#strangers;
    if (slots.waiting >= MAX_WAITING) {
      const reason = `${server} is asked for its keys later`;
      return { count: failuresBefore, failedAt: undefined, retryAt: 0, reason };
    }
    let fetched: JsonValue;
    let document: Parsed<ServerKeys>;
    try {
      fetched = await slots.run(() => fetchKeys(server));
      document = parseServerKeys(fetched, server, clock.now());
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      return await this.#failures.add(server, failuresBefore, why);
    }
    if (!document.ok) return await this.#failures.add(server, failuresBefore, document.reason);
    const fetchedAt = clock.now();
    const rows = rowsAfter(known, document.value, fetchedAt);
    const { validUntilTs } = document.value;
    await store.transact(({ keys }) => {
      keys.putKeys(rows);
      if (isObject(fetched)) {
        keys.putKeyDocument({ server, document: fetched, validUntilTs, fetchedAt });
      }
      keys.deleteKeyFailure(server);
      keys.deleteNotarisedKeys(server);
    });
    const fresh = knownKeysOf(server, rows);
    this.#known.set(server, fresh);
    this.#failures.forget(server);
    this.#notaries.forget(server);
    return fresh;
  }
}
