import { Slots } from '@hansa/net';
import type { Effects } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { RoomAdvances } from '../../engine/room-engine.ts';
import { DestinationLane } from './destination-lane.ts';
import type { LanePorts } from './outbox-ports.ts';

/** Retries under way at a time, of all servers that failed before. */
const MAX_RETRIES = 10;
/** First transactions under way at a time, of all servers that nothing was sent to yet. */
const MAX_STRANGERS = 50;
/** Over which those servers are spread when we start. */
const START_SPREAD_MS = 5_000;

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
  /** Of servers that have something due or are left alone for now. */
  readonly #lanes = new Map<ServerName, DestinationLane>();
  #unsubscribe: (() => void) | undefined;

  constructor({ advances, ...ports }: OutboxPorts) {
    this.#advances = advances;
    this.#ports = {
      ...ports,
      retries: new Slots(MAX_RETRIES),
      strangers: new Slots(MAX_STRANGERS),
    };
  }

  /** Resumes what an earlier run left, and follows the rooms from now on. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#advances.subscribe(({ destinations }) => {
      for (const server of destinations) this.#laneOf(server).poke();
    });
    const { effects, store } = this.#ports;
    for (const destination of await store.readers.destinations.listWithWork()) {
      if (this.#lanes.has(destination.server)) continue;
      const delayMs = startDelayMs(destination.failures, destination.retryAt, effects);
      this.#laneOf(destination.server).resume(destination, delayMs);
    }
  }

  /** The server was heard of, or somebody wants it tried now: ends its back-off once. */
  wake(server: ServerName): void {
    this.#lanes.get(server)?.wake();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    await Promise.all(lanes.map((lane) => lane.stop()));
  }

  #laneOf(server: ServerName): DestinationLane {
    const known = this.#lanes.get(server);
    if (known !== undefined) return known;
    const lane = new DestinationLane(server, this.#ports, () => {
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
