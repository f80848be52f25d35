import { Slots } from '@hansa/net';
import type { Effects } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { OutgoingEdu } from '../../ephemeral/index.ts';
import type { RoomAdvances } from '../../engine/room-engine.ts';
import { DestinationRows } from './destination-rows.ts';
import { DestinationLane, type LaneState } from './destination-lane.ts';
import { greetServers } from './greet-servers.ts';
import type { LanePorts } from './outbox-ports.ts';

/** Retries under way at a time, of all servers that failed before. */
const MAX_RETRIES = 10;
/** First transactions under way at a time, of all servers that nothing was sent to yet. */
const MAX_STRANGERS = 50;
/** Over which those servers are spread when we start. */
const START_SPREAD_MS = 5_000;
/** Servers told that we are back; of the others each finds out by itself. */
const MAX_GREETED = 10_000;

export interface OutboxPorts extends Omit<LanePorts, 'retries' | 'strangers'> {
  readonly advances: RoomAdvances;
}

/**
 * Brings our events to every server that is to have them, each server in a lane of its own: a dead one costs the
 * others nothing. What is due is read from the store; being told of news is only about when to look.
 */
export class Outbox {
  readonly #ports: LanePorts;
  readonly #advances: RoomAdvances;
  readonly #rows: DestinationRows;
  /** Of servers that have something due or are left alone for now. */
  readonly #lanes = new Map<ServerName, DestinationLane>();
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;
  #greeting: Promise<void> | undefined;

  constructor({ advances, ...ports }: OutboxPorts) {
    this.#advances = advances;
    this.#ports = {
      ...ports,
      retries: new Slots(MAX_RETRIES),
      strangers: new Slots(MAX_STRANGERS),
    };
    this.#rows = new DestinationRows(ports);
  }

  /**
   * Resumes what an earlier run left, and follows the rooms from now on. Servers that missed us while we were away wait
   * before they try again, unless they hear of us: so each that nothing is due to is greeted.
   */
  async start(): Promise<void> {
    this.#unsubscribe = this.#advances.subscribe(({ destinations }) => {
      for (const server of destinations) this.#laneOf(server).poke();
    });
    const { effects, store } = this.#ports;
    const withWork = await store.readers.destinations.listWithWork();
    for (const destination of withWork) {
      if (this.#lanes.has(destination.server)) continue;
      const delayMs = startDelayMs(destination.failures, destination.retryAt, effects);
      this.#laneOf(destination.server).resume(destination, delayMs);
    }
    this.#greeting = this.#greetOthers(new Set(withWork.map(({ server }) => server)));
  }

  /** The server was heard of, or somebody wants it tried now: ends its back-off once. */
  wake(server: ServerName): void {
    this.#lanes.get(server)?.wake();
  }

  /** Servers that have something due, by what is done about it. */
  countLanes(): Readonly<Record<LaneState, number>> {
    const lanes = [...this.#lanes.values()];
    const backingOff = lanes.filter(({ state }) => state === 'backing-off').length;
    return { sending: lanes.length - backingOff, 'backing-off': backingOff };
  }

  /** Nothing waits for it, and nobody is told of it. */
  sendEdu(servers: readonly ServerName[], edu: OutgoingEdu): void {
    if (this.#stopping.signal.aborted) return;
    for (const server of servers) this.#laneOf(server).putEdu(edu);
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#stopping.abort();
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.stop()));
    await this.#greeting;
    await this.#rows.stop();
  }

  async #greetOthers(withWork: ReadonlySet<ServerName>): Promise<void> {
    const { effects, log, store } = this.#ports;
    const { signal } = this.#stopping;
    try {
      const servers = await store.readers.destinations.listServersInRooms(MAX_GREETED);
      const others = servers.filter((server) => !withWork.has(server));
      await greetServers(others, (server) => this.#greet(server), { ...effects, signal });
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'servers were not told that we are back');
    }
  }

  async #greet(server: ServerName): Promise<void> {
    if (!this.#lanes.has(server)) await this.#laneOf(server).greet();
  }

  #laneOf(server: ServerName): DestinationLane {
    const known = this.#lanes.get(server);
    if (known !== undefined) return known;
    const lane = new DestinationLane(server, this.#ports, this.#rows, () => {
      this.#lanes.delete(server);
    });
    this.#lanes.set(server, lane);
    return lane;
  }
}

/** The living at once; those that failed when their time has come, and not all in one moment. */
function startDelayMs(failures: number, retryAt: number | undefined, effects: Effects): number {
  if (failures === 0) return 0;
  const spreadMs = effects.random.fraction() * START_SPREAD_MS;
  return Math.max((retryAt ?? 0) - effects.clock.now(), spreadMs);
}
