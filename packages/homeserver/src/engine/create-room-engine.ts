import type { RoomId } from '@hansa/protocol';
import { Advances } from './advances.ts';
import type { Environment } from './environment.ts';
import { Backfill } from './history/backfill.ts';
import { ClaimQuota } from './inbound/claim-quota.ts';
import type { InboundPorts } from './inbound/inbound-ports.ts';
import { RoomWorkers } from './inbound/room-workers.ts';
import { StagedEvents } from './inbound/staged-events.ts';
import { workOffStage } from './inbound/work-off-stage.ts';
import { Lanes } from './lane/lanes.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { LocalRoomEngine } from './local-room-engine.ts';
import type { EnginePorts } from './ports.ts';
import type { RoomAdvances, RoomEngine } from './room-engine.ts';
import type { RoomViews } from './room-views.ts';
import { ServerAcls } from './server-acls.ts';
import { Turns } from './room/turns.ts';
import { InvitesUnderWay } from './threshold/invites-under-way.ts';
import type { ThresholdPorts } from './threshold/threshold-ports.ts';
import { Threshold } from './threshold/threshold.ts';
import { StoredRoomViews } from './views/stored-room-views.ts';

export interface RoomEngineService {
  readonly engine: RoomEngine;
  readonly views: RoomViews;
  readonly advances: RoomAdvances & Pick<Advances, 'announce'>;
  /** Takes up what a crash or a stop has left unfinished; resolves when it is under way. */
  start(): Promise<void>;
  /** Begins nothing new, and resolves when what works off the stage has ended. What was answered for is durable in any case. */
  stop(): Promise<void>;
}

export function createRoomEngine(ports: EnginePorts): RoomEngineService {
  const { store, timers, federation, signatures, report } = ports;
  const limits = { ...DEFAULT_LIMITS, ...ports.limits };
  const advances = new Advances(report);
  const env: Environment = {
    serverName: ports.serverName,
    signingKey: ports.signingKey,
    clock: ports.clock,
    random: ports.random,
    acls: new ServerAcls(),
    turns: new Turns(ports.clock, timers, limits.resolutionTurnMs),
    limits,
  };
  const lanes = new Lanes(store, limits, (draft, committed) => {
    advances.publish(draft, committed);
    // Forks that wait may come in.
    if (draft.hasMerged(limits.forwardExtremities)) workers.poke(draft.roomId);
  });
  const workers = new RoomWorkers({
    work: (roomId) => workOffStage(inbound, roomId),
    timers,
    report,
  });
  const poke = (roomId: RoomId): void => workers.poke(roomId);
  const shared = {
    env,
    lanes,
    readers: store.readers,
    timers,
    federation,
    signatures,
    poke,
    report,
  };
  const inbound: InboundPorts = {
    ...shared,
    staged: new StagedEvents(store.readers.stage, signatures),
    claims: new ClaimQuota(ports.clock, limits.claimedStatesAnHour),
    pokeAfter: (roomId, delayMs) => workers.pokeAfter(roomId, delayMs),
  };
  const outside: ThresholdPorts = {
    ...shared,
    invites: new InvitesUnderWay(limits.preparedEvents),
  };
  const resident = { env, lanes, signatures, readers: store.readers };
  const threshold = new Threshold(outside);
  const history = new Backfill(inbound);
  return {
    engine: new LocalRoomEngine({ resident, inbound, outside, threshold, history }),
    views: new StoredRoomViews(store.readers),
    advances,
    async start() {
      await threshold.resume();
      workers.pokeAll(await store.readers.stage.listRooms());
    },
    async stop() {
      threshold.stop();
      await workers.stop();
    },
  };
}
