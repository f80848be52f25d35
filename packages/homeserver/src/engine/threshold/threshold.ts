import { domainOf } from '@hansa/protocol';
import type { RoomId, ServerName } from '@hansa/protocol';
import { joinHere, knockHere, leaveHere } from '../actions/own-membership.ts';
import type { JoinIntent, LeaveIntent } from '../intents.ts';
import { MatrixError } from '../../matrix-error.ts';
import { joinAuthorised } from './join-authorised.ts';
import { joinRemote, resumeJoin } from './join-remote.ts';
import { knockRemote } from './knock-remote.ts';
import { leaveRemote } from './leave-remote.ts';
import type { ThresholdPorts } from './threshold-ports.ts';

/** Refusals of our own that another server in a restricted room may not share. */
const OTHERS_MAY_GRANT: ReadonlySet<string> = new Set([
  'M_UNABLE_TO_AUTHORISE_JOIN',
  'M_UNABLE_TO_GRANT_JOIN',
]);

/** Ways into rooms and out of them, whether we are in them or not. */
export class Threshold {
  readonly #ports: ThresholdPorts;
  /** Handshakes under way. Two of one room would begin two segments. */
  readonly #joining = new Map<RoomId, Promise<unknown>>();
  /** Of joins that nobody answered for. */
  readonly #cancelRetry = new Map<RoomId, () => void>();
  #stopped = false;

  constructor(ports: ThresholdPorts) {
    this.#ports = ports;
  }

  async join(intent: JoinIntent): Promise<void> {
    const { roomId } = intent;
    const handshake = this.#enterAfter(this.#joining.get(roomId), intent);
    this.#joining.set(roomId, handshake);
    try {
      if (await handshake) return;
    } finally {
      if (this.#joining.get(roomId) === handshake) this.#joining.delete(roomId);
    }
    await this.#joinHere(intent);
  }

  async knock(intent: JoinIntent): Promise<void> {
    const { env, lanes } = this.#ports;
    if (await this.#isResident(intent.roomId)) return knockHere(env, lanes, intent);
    const creator = domainOf(intent.roomId);
    const servers = [...intent.via, ...(creator === undefined ? [] : [creator])];
    return knockRemote(this.#ports, intent, this.#othersOf(servers));
  }

  async leave(intent: LeaveIntent): Promise<void> {
    const { env, lanes } = this.#ports;
    if (await this.#isResident(intent.roomId)) return leaveHere(env, lanes, intent);
    return leaveRemote(this.#ports, intent);
  }

  /** Takes up the joins that were under way when the process ended. */
  async resume(): Promise<void> {
    for (const { roomId } of await this.#ports.readers.thresholds.listJoins()) {
      this.#resumeJoin(roomId);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancelRetry.values()) cancel();
    this.#cancelRetry.clear();
  }

  #resumeJoin(roomId: RoomId): void {
    if (this.#stopped) return;
    const handshake = this.#tryAgain(roomId).catch((error: unknown) => {
      if (!this.#stopped) this.#ports.report(`taking up the join of ${roomId} failed`, error);
    });
    this.#joining.set(roomId, handshake);
    void handshake.then(() => {
      if (this.#joining.get(roomId) === handshake) this.#joining.delete(roomId);
    });
  }

  async #tryAgain(roomId: RoomId): Promise<void> {
    const { readers, timers, env } = this.#ports;
    const pending = await readers.thresholds.findJoin(roomId);
    if (pending === undefined || (await resumeJoin(this.#ports, pending))) return;
    if (this.#stopped) return;
    const cancel = timers.after(env.limits.resumeJoinEveryMs, () => {
      this.#cancelRetry.delete(roomId);
      this.#resumeJoin(roomId);
    });
    this.#cancelRetry.set(roomId, cancel);
  }

  /** Whether the user has come in by a handshake; where we are in the room already, none is needed. */
  async #enterAfter(other: Promise<unknown> | undefined, intent: JoinIntent): Promise<boolean> {
    // How that one ended is told to who began it.
    await other?.catch(() => {});
    if (await this.#isResident(intent.roomId)) return false;
    await this.#joinRemote(intent);
    return true;
  }

  async #joinHere(intent: JoinIntent): Promise<void> {
    const { env, lanes, readers } = this.#ports;
    try {
      await joinHere(env, lanes, intent);
    } catch (error) {
      if (!(error instanceof MatrixError) || !OTHERS_MAY_GRANT.has(error.errcode)) throw error;
      const joined = await readers.rooms.countJoined(intent.roomId);
      const others = this.#othersOf([...intent.via, ...joined.keys()]);
      if (others.length === 0) throw error;
      await joinAuthorised(this.#ports, intent, others);
    }
  }

  async #joinRemote(intent: JoinIntent): Promise<void> {
    const { roomId, userId, via } = intent;
    const invite = await this.#ports.readers.thresholds.findOutOfBand(userId, roomId);
    const creator = domainOf(roomId);
    const servers = [...via, ...(invite?.via ?? []), ...(creator === undefined ? [] : [creator])];
    await joinRemote(this.#ports, intent, this.#othersOf(servers));
  }

  #othersOf(servers: readonly ServerName[]): readonly ServerName[] {
    const { serverName, limits } = this.#ports.env;
    const others = [...new Set(servers)].filter((server) => server !== serverName);
    return others.slice(0, limits.handshakeServers);
  }

  async #isResident(roomId: RoomId): Promise<boolean> {
    return (await this.#ports.readers.rooms.find(roomId))?.residence === 'joined';
  }
}
