import { Slots } from '@hansa/net';
import type { Clock } from '@hansa/net';
import { listSigningKeyIds, parseServerKeys, verifyJson } from '@hansa/protocol';
import type { JsonObject, KeyId, Parsed, ServerKeys, ServerName, VerifyKey } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { LRUCache } from 'lru-cache';
import type { KnownKeys } from './known-keys.ts';
import { findDisagreement, newestOf } from './notarised-document.ts';
import type { NotarisedDocument } from './notarised-document.ts';

/** Asked for the keys of one server. */
const MAX_NOTARIES = 3;
const MAX_REMEMBERED = 10_000;
/** Questions at a time. */
const MAX_ASKED = 20;
/** One that knew nothing of a server is not asked for it again so soon. */
const ASK_AGAIN_MS = 60_000;
/** One that did not answer, or whose own key could not be had, so that its answer is nobody's. */
const ASK_SILENT_AGAIN_MS = 1_000;

interface Ports {
  readonly serverName: ServerName;
  readonly store: Pick<Store, 'transact'> & { readonly readers: Pick<Store['readers'], 'keys'> };
  readonly clock: Pick<Clock, 'now'>;
  /** Documents of a server, as another one has them. */
  readonly askNotary: (notary: ServerName, server: ServerName) => Promise<readonly JsonObject[]>;
  /** Had from the notary itself. */
  readonly findNotaryKey: (
    notary: ServerName,
    keyId: KeyId,
  ) => Promise<Parsed<VerifyKey> | { readonly ok: 'unavailable' }>;
  /** Whether it is left alone for now, as it did not answer. */
  readonly isSilent: (server: ServerName) => Promise<boolean>;
  readonly report: (problem: string) => void;
}

/** What a notary said cannot be checked now. */
class UnavailableKeyError extends Error {
  override readonly name = 'UnavailableKeyError';
}

interface Question {
  readonly answer: Promise<readonly NotarisedDocument[]>;
  /** Milliseconds since the epoch. */
  askAgainAt: number;
}

/**
 * Keys of servers that do not answer, as others tell them. A notary may invent the keys of a server that we never heard of;
 * so several are asked, and nothing is believed where they differ. Once a server has told its keys itself, one of those must have
 * signed what a notary brings. What is believed is kept apart from what servers said themselves, until they do.
 * Source: server-server API, "Querying Keys Through Another Server".
 */
export class Notaries {
  readonly #ports: Ports;
  readonly #known = new LRUCache<ServerName, { readonly said: NotarisedDocument | undefined }>({
    max: MAX_REMEMBERED,
  });
  /** By notary and server. */
  readonly #questions = new LRUCache<string, Question>({ max: MAX_REMEMBERED });
  readonly #asking = new Map<ServerName, Promise<ServerKeys | undefined>>();
  readonly #slots = new Slots(MAX_ASKED);

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** What is believed of a server so far. */
  async find(server: ServerName): Promise<ServerKeys | undefined> {
    return (await this.#load(server))?.keys;
  }

  /** What is believed of a server once these were asked, the first of them that can be. */
  async ask(known: KnownKeys, notaries: readonly ServerName[]): Promise<ServerKeys | undefined> {
    const { server } = known;
    const running = this.#asking.get(server);
    if (running !== undefined) return await running;
    const asking = this.#ask(known, notaries);
    this.#asking.set(server, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(server);
    }
  }

  /** The server has told its keys; who stores them deletes what is stored of the word of others. */
  forget(server: ServerName): void {
    this.#known.delete(server);
  }

  async #load(server: ServerName): Promise<NotarisedDocument | undefined> {
    const known = this.#known.get(server);
    if (known !== undefined) return known.said;
    const row = await this.#ports.store.readers.keys.findNotarisedKeys(server);
    const keys = row && parseServerKeys(row.document, server, row.fetchedAt);
    const said = row !== undefined && keys?.ok === true ? { ...row, keys: keys.value } : undefined;
    this.#known.set(server, { said });
    return said;
  }

  async #ask(known: KnownKeys, notaries: readonly ServerName[]): Promise<ServerKeys | undefined> {
    const { server } = known;
    const chosen = await this.#choose(server, notaries);
    const said = await this.#load(server);
    const told = await Promise.all(chosen.map((notary) => this.#askOnce(notary, known)));
    const all = [...(said === undefined ? [] : [said]), ...told.flat()];
    const disagreement = findDisagreement(all);
    if (disagreement !== undefined) {
      this.#ports.report(disagreement);
      return undefined;
    }
    const newest = newestOf(all);
    if (newest !== undefined && newest !== said) await this.#keep(newest);
    return newest?.keys;
  }

  async #choose(
    server: ServerName,
    notaries: readonly ServerName[],
  ): Promise<readonly ServerName[]> {
    const { serverName, isSilent } = this.#ports;
    const chosen: ServerName[] = [];
    for (const notary of new Set(notaries)) {
      if (chosen.length >= MAX_NOTARIES) break;
      if (notary === server || notary === serverName || (await isSilent(notary))) continue;
      chosen.push(notary);
    }
    return chosen;
  }

  #askOnce(notary: ServerName, known: KnownKeys): Promise<readonly NotarisedDocument[]> {
    const { clock } = this.#ports;
    const name = `${notary} ${known.server}`;
    const asked = this.#questions.get(name);
    if (asked !== undefined && clock.now() < asked.askAgainAt) return asked.answer;
    const answer = this.#slots.run(() => this.#question(notary, known));
    const question: Question = {
      answer: answer.catch(() => {
        // A notary that does not answer helps as little as one that knows nothing, but may soon.
        question.askAgainAt = clock.now() + ASK_SILENT_AGAIN_MS;
        return [];
      }),
      askAgainAt: clock.now() + ASK_AGAIN_MS,
    };
    this.#questions.set(name, question);
    return question.answer;
  }

  async #question(notary: ServerName, known: KnownKeys): Promise<readonly NotarisedDocument[]> {
    const { askNotary, clock } = this.#ports;
    const { server } = known;
    const told: NotarisedDocument[] = [];
    for (const document of await askNotary(notary, server)) {
      const fetchedAt = clock.now();
      const keys = parseServerKeys(document, server, fetchedAt);
      if (!keys.ok || !isVouchedFor(known, document)) continue;
      if (!(await this.#isSignedBy(notary, document))) continue;
      told.push({ server, notary, document, fetchedAt, keys: keys.value });
    }
    return told;
  }

  async #isSignedBy(notary: ServerName, document: JsonObject): Promise<boolean> {
    const keyIds = listSigningKeyIds(document, notary);
    if (!keyIds.ok) return false;
    let isUnavailable = false;
    for (const keyId of keyIds.value) {
      const key = await this.#ports.findNotaryKey(notary, keyId);
      if (key.ok === true && verifyJson(document, notary, keyId, key.value).ok) return true;
      if (key.ok === 'unavailable') isUnavailable = true;
    }
    if (isUnavailable) throw new UnavailableKeyError(`no keys of the notary ${notary}`);
    return false;
  }

  async #keep({ keys, ...row }: NotarisedDocument): Promise<void> {
    await this.#ports.store.transact((writers) => writers.keys.putNotarisedKeys(row));
    this.#known.set(row.server, { said: { ...row, keys } });
  }
}

/** Whether a server that has told its keys itself has signed the document with one of them. */
function isVouchedFor({ server, keys }: KnownKeys, document: JsonObject): boolean {
  if (keys.size === 0) return true;
  return [...keys].some(
    ([keyId, { row, verifyKey }]) =>
      row.expiredTs === undefined && verifyJson(document, server, keyId, verifyKey).ok,
  );
}
