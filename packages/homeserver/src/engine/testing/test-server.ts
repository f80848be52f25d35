import type { DatabaseSync } from 'node:sqlite';
import { createSigningKey } from '@hansa/protocol';
import type { EventId, ServerName, SigningKey, UserId } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore } from '@hansa/storage';
import type { Store } from '@hansa/storage';
import type { FederationPort, SignatureChecker } from '../federation-port.ts';
import { createRoomEngine, type EngineLimits, type RoomEngineService } from '../index.ts';
import { CountedRandom } from './counted-random.ts';
import type { ManualTime } from './manual-time.ts';

export interface TestServerOptions {
  readonly limits?: Partial<EngineLimits>;
  /** What the engine is handed in place of its store. */
  readonly wrapStore?: (store: Store) => Store;
  /** What the engine is handed in place of its key. */
  readonly wrapKey?: (key: SigningKey) => SigningKey;
}

/** What a server sees of the others. */
export interface TestSurroundings {
  readonly time: ManualTime;
  readonly signatures: SignatureChecker;
  readonly federation: FederationPort;
}

/** A server that is an engine on a database in memory, in a network of such. */
export class TestServer {
  readonly name: ServerName;
  readonly key: SigningKey;
  /** What went wrong without anybody waiting for it. */
  readonly problems: string[] = [];
  readonly #surroundings: TestSurroundings;
  readonly #options: TestServerOptions;
  readonly #disk: DatabaseSync;
  #store: Store | undefined;
  #service: RoomEngineService | undefined;

  constructor(name: ServerName, surroundings: TestSurroundings, options: TestServerOptions) {
    this.name = name;
    this.key = createSigningKey('1', new CountedRandom(`key of ${name}`).bytes(32));
    this.#surroundings = surroundings;
    this.#options = options;
    this.#disk = createMemoryDisk();
  }

  get engine(): RoomEngineService['engine'] {
    return this.#running().engine;
  }

  get views(): RoomEngineService['views'] {
    return this.#running().views;
  }

  get advances(): RoomEngineService['advances'] {
    return this.#running().advances;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error(`${this.name} is not running`);
    return this.#store;
  }

  user(localpart: string): UserId {
    return `@${localpart}:${this.name}` as UserId;
  }

  async start(): Promise<void> {
    const { time, signatures, federation } = this.#surroundings;
    const report = (problem: string, cause: unknown): void => {
      this.problems.push(`${problem}: ${String(cause)}`);
    };
    const store = await openSqliteStore(this.#disk, { report });
    this.#store = store;
    this.#service = createRoomEngine({
      store: this.#options.wrapStore?.(store) ?? store,
      clock: time,
      timers: time,
      random: new CountedRandom(this.name),
      signingKey: this.#options.wrapKey?.(this.key) ?? this.key,
      serverName: this.name,
      federation,
      signatures,
      ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
      report,
    });
    await this.#service.start();
  }

  /** Ends at once, with nothing written that was not committed. */
  async crash(): Promise<void> {
    const service = this.#service;
    await service?.stop();
    await this.#store?.close();
    this.#store = undefined;
    this.#service = undefined;
  }

  /** What a disk or a fault of ours may leave of an event. To be seen after a restart. */
  spoil(eventId: EventId): void {
    this.#disk.prepare(`UPDATE events SET json = x'7b7d' WHERE event_id = ?`).run(eventId);
  }

  /** Whether this text stands in anything that the database has of events, shown to anybody or not. */
  keeps(text: string): boolean {
    const places = [
      ['events', 'json'],
      ['stage', 'json'],
      ['oob_memberships', 'event'],
      ['oob_memberships', 'stripped_state'],
    ] as const;
    return places.some(([table, column]) => {
      const wanted = this.#disk.prepare(
        `SELECT count(*) AS n FROM ${table} WHERE instr(CAST(${column} AS TEXT), ?) > 0`,
      );
      return Number(wanted.get(text)?.['n']) > 0;
    });
  }

  async restart(): Promise<void> {
    await this.crash();
    await this.start();
  }

  #running(): RoomEngineService {
    if (this.#service === undefined) throw new Error(`${this.name} is not running`);
    return this.#service;
  }
}
