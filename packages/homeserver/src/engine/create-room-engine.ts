import { Advances } from './advances.ts';
import type { Environment } from './environment.ts';
import { Lanes } from './lane/lanes.ts';
import { LocalRoomEngine } from './local-room-engine.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { EnginePorts } from './ports.ts';
import type { RoomAdvances, RoomEngine } from './room-engine.ts';
import type { RoomViews } from './room-views.ts';
import { Turns } from './room/turns.ts';
import { StoredRoomViews } from './views/stored-room-views.ts';

export interface RoomEngineService {
  readonly engine: RoomEngine;
  readonly views: RoomViews;
  readonly advances: RoomAdvances;
  /** Takes up what a crash or a stop has left unfinished. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createRoomEngine(ports: EnginePorts): RoomEngineService {
  const limits = { ...DEFAULT_LIMITS, ...ports.limits };
  const report = ports.report ?? (() => {});
  const advances = new Advances(report);
  const env: Environment = {
    serverName: ports.serverName,
    signingKey: ports.signingKey,
    clock: ports.clock,
    random: ports.random,
    turns: new Turns(ports.clock, ports.timers, limits.resolutionTurnMs),
    limits,
  };
  const lanes = new Lanes(ports.store, limits, (draft, committed) =>
    advances.publish(draft, committed),
  );
  const views = new StoredRoomViews(ports.store.readers);
  const engine = new LocalRoomEngine(env, lanes);
  return { engine, views, advances, async start() {}, async stop() {} };
}
