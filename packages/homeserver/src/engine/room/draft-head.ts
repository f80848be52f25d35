import type { EventId, RoomId, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { PositionSlot, Residence, RoomFloor, StateRef, Writers } from '@hansa/storage';
import type { Extremity, RoomHead } from './room-head.ts';
import { KnownKeys } from './known-keys.ts';
import { TipDifferences } from './tip-differences.ts';
import type { Unsettled } from './unsettled.ts';

/** Where a room stands after all that a lane has decided, and the rows that this makes. */
export abstract class DraftHead {
  readonly roomId: RoomId;
  readonly #extremitiesBefore: number;
  readonly #writes: ((writers: Writers) => void)[] = [];
  #roomIsNew = false;
  #head: RoomHead | undefined;
  #slots = 0;
  #extremitiesChanged = false;
  #sealed = false;
  #unsettled: Unsettled | undefined;

  constructor(roomId: RoomId, head: RoomHead | undefined) {
    this.roomId = roomId;
    this.#head = head;
    this.#extremitiesBefore = head?.extremities.size ?? 0;
  }

  /** Undefined where nothing is known of the room. */
  get head(): RoomHead | undefined {
    return this.#head;
  }

  getHead(): RoomHead {
    if (this.#head === undefined) throw new Error(`the room ${this.roomId} is not known`);
    return this.#head;
  }

  get rules(): RoomVersionRules {
    return this.getHead().rules;
  }

  /** Whether there are fewer extremities than there were, and there were so many. */
  hasMerged(atLeast: number): boolean {
    const before = this.#extremitiesBefore;
    return before >= atLeast && (this.#head?.extremities.size ?? 0) < before;
  }

  /** Nothing more goes into this commit. */
  get sealed(): boolean {
    return this.#sealed;
  }

  /** Rows that it will write. */
  get size(): number {
    return this.#writes.length + Number(this.#roomIsNew);
  }

  seal(): void {
    this.#sealed = true;
  }

  /** Present where the current state does not know yet of all that the extremities say. */
  get unsettled(): Unsettled | undefined {
    return this.#unsettled;
  }

  setUnsettled(unsettled: Unsettled): void {
    this.#unsettled = unsettled;
  }

  /** Brings the current state up to the extremities. Once for all that was decided since, before it is recorded. */
  async settle(): Promise<void> {
    const unsettled = this.#unsettled;
    this.#unsettled = undefined;
    await unsettled?.settle();
  }

  /** A row that is recorded when all is decided. */
  write(write: (writers: Writers) => void): void {
    this.#writes.push(write);
  }

  /** So many positions before it are left free, for events that may be found later. */
  takePosition(leftFree = 0): PositionSlot {
    this.#slots += leftFree;
    const slot = { index: this.#slots };
    this.#slots += 1;
    return slot;
  }

  beginRoom(rules: RoomVersionRules): void {
    const { roomId } = this;
    this.#head = {
      roomId,
      rules,
      residence: 'outside',
      current: undefined,
      extremities: new Map(),
      tips: new TipDifferences(),
      known: new KnownKeys(),
      joined: new Map(),
      lowestPosition: 0,
      floor: { depth: 0, parent: undefined },
    };
    this.#roomIsNew = true;
  }

  setCurrent(current: StateRef): void {
    this.#head = { ...this.getHead(), current };
  }

  setExtremities(extremities: ReadonlyMap<EventId, Extremity>): void {
    this.#head = { ...this.getHead(), extremities };
    this.#extremitiesChanged = true;
  }

  setJoined(joined: ReadonlyMap<ServerName, number>): void {
    this.#head = { ...this.getHead(), joined };
  }

  setResidence(residence: Residence): void {
    this.#head = { ...this.getHead(), residence };
    this.write(({ rooms }) => rooms.setResidence(this.roomId, residence));
  }

  setLowestPosition(lowestPosition: number): void {
    this.#head = { ...this.getHead(), lowestPosition };
    this.write(({ rooms }) => rooms.setLowestPosition(this.roomId, lowestPosition));
  }

  setFloor(floor: RoomFloor): void {
    this.#head = { ...this.getHead(), floor };
    this.write(({ rooms }) => rooms.setFloor(this.roomId, floor));
  }

  /** In the order of the decisions, but the room and its events first: all else refers to them. */
  protected recordAround(writers: Writers, recordEvents: () => void): void {
    if (this.#unsettled !== undefined) throw new Error('the current state is not settled');
    if (this.#slots > 0) writers.takePosition(this.#slots - 1);
    const { roomId } = this;
    if (this.#roomIsNew) writers.rooms.insertRoom({ roomId, rules: this.rules });
    recordEvents();
    for (const write of this.#writes) write(writers);
    if (this.#extremitiesChanged) {
      writers.rooms.setExtremities(roomId, [...this.getHead().extremities.keys()]);
    }
  }
}
