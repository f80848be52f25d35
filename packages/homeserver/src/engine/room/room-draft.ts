import type { EventId, Pdu, RoomId, RoomVersionRules, ServerName, UserId } from '@hansa/protocol';
import type {
  ClientTransactionRecord,
  Membership,
  NewEvent,
  Position,
  PositionSlot,
  Readers,
  Residence,
  RoomFloor,
  StateRef,
  Writers,
} from '@hansa/storage';
import { DraftAuthGraph } from './draft-auth-graph.ts';
import { DraftStates } from './draft-states.ts';
import { isRejected, type KnownEvent } from './known-event.ts';
import type { Extremity, RoomHead } from './room-head.ts';
import { TipDifferences } from './tip-differences.ts';
import type { Unsettled } from './unsettled.ts';

/** Reads that decisions make beside states. */
export type DraftReaders = Pick<
  Readers,
  'events' | 'states' | 'rooms' | 'clientTransactions' | 'thresholds' | 'stage'
>;

/**
 * What a lane has decided and not yet seen committed, over what is stored. Every read of a decision goes
 * through it, so work stands on the work before it. It is recorded as one part, and given up as a whole when
 * that fails.
 */
export class RoomDraft {
  readonly roomId: RoomId;
  readonly readers: DraftReaders;
  readonly states: DraftStates;
  /** Local users whose own membership changed, and servers that have something to be sent. */
  readonly changedUsers = new Set<UserId>();
  readonly destinations = new Set<ServerName>();
  readonly #newTimeline: () => number;
  readonly #events = new Map<EventId, KnownEvent>();
  /** What was read: nobody else writes to the room. */
  readonly #stored = new Map<EventId, KnownEvent>();
  readonly #graph = new DraftAuthGraph();
  readonly #children = new Map<EventId, EventId[]>();
  readonly #held = new Map<EventId, EventId[]>();
  readonly #transactions = new Map<string, EventId>();
  readonly #eventWrites: NewEvent[] = [];
  readonly #writes: ((writers: Writers) => void)[] = [];
  #roomIsNew = false;
  #head: RoomHead | undefined;
  #slots = 0;
  #staged = 0;
  #extremitiesChanged = false;
  readonly #extremitiesBefore: number;
  #sealed = false;
  #unsettled: Unsettled | undefined;

  constructor(
    roomId: RoomId,
    head: RoomHead | undefined,
    readers: DraftReaders,
    newTimeline: () => number,
  ) {
    this.roomId = roomId;
    this.readers = readers;
    this.states = new DraftStates(readers.states);
    this.#head = head;
    this.#extremitiesBefore = head?.extremities.size ?? 0;
    this.#newTimeline = newTimeline;
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
    return this.#writes.length + this.#eventWrites.length + Number(this.#roomIsNew);
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

  async findEvent(eventId: EventId): Promise<KnownEvent | undefined> {
    const known = this.#events.get(eventId) ?? this.#stored.get(eventId);
    if (known !== undefined) return known;
    const stored = await this.readers.events.find(this.roomId, eventId);
    if (stored !== undefined) this.#stored.set(eventId, stored);
    return stored;
  }

  async getEvent(eventId: EventId): Promise<KnownEvent> {
    const event = await this.findEvent(eventId);
    if (event === undefined) throw new Error(`the event ${eventId} is not stored`);
    return event;
  }

  async listChildren(eventId: EventId): Promise<readonly EventId[]> {
    const stored = await this.readers.events.listChildren(this.roomId, eventId);
    return [...new Set([...stored, ...(this.#children.get(eventId) ?? [])])];
  }

  async listHeldRedactions(target: EventId): Promise<readonly EventId[]> {
    const stored = await this.readers.events.listHeldRedactions(this.roomId, target);
    return [...stored, ...(this.#held.get(target) ?? [])];
  }

  async findTransaction(transaction: ClientTransactionRecord): Promise<EventId | undefined> {
    const drafted = this.#transactions.get(keyOf(transaction));
    if (drafted !== undefined) return drafted;
    return (await this.readers.clientTransactions.findEvent(transaction))?.eventId;
  }

  /** By the current state as it was before this draft. */
  listMembers(membership: Membership): Promise<readonly UserId[]> {
    return this.readers.rooms.listMembers(this.roomId, membership);
  }

  /** The room's auth graph, for state resolution. */
  loadAuthGraph(seeds: readonly EventId[]): ReturnType<DraftAuthGraph['over']> {
    const stored = this.readers.events.loadAuthGraph(this.roomId, this.rules, seeds);
    return this.#graph.over(this.rules, stored);
  }

  /** A row that is recorded when all is decided. */
  write(write: (writers: Writers) => void): void {
    this.#writes.push(write);
  }

  takePosition(): PositionSlot {
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
      joined: new Map(),
      lowestPosition: 0,
      floor: { depth: 0, parent: undefined },
    };
    this.#roomIsNew = true;
  }

  /** Only the funnel calls this. */
  putEvent(event: NewEvent): void {
    const { pdu } = event;
    this.#events.set(pdu.eventId, {
      pdu,
      place: event.place,
      verdict: event.verdict,
      rule: event.rule,
      position: event.position,
      depth: event.depth,
      before: event.before,
      after: event.after ?? event.before,
      redactedBy: this.#events.get(pdu.eventId)?.redactedBy,
      replaces: event.replaces,
      claimed: event.claimed === true,
    });
    this.#graph.add(pdu, isRejected(event));
    if (event.place === 'timeline') {
      for (const prev of pdu.prevEvents) push(this.#children, prev, pdu.eventId);
    }
    this.#eventWrites.push(event);
  }

  holdRedaction(redaction: EventId, target: EventId): void {
    push(this.#held, target, redaction);
    this.write(({ events }) => events.holdRedaction(this.roomId, redaction, target));
  }

  releaseRedaction(redaction: EventId, target: EventId): void {
    this.#held.set(
      target,
      (this.#held.get(target) ?? []).filter((held) => held !== redaction),
    );
    this.write(({ events }) => events.releaseRedaction(this.roomId, redaction));
  }

  /** A held event becomes visible. */
  async show(eventId: EventId, position: Position): Promise<void> {
    this.#events.set(eventId, { ...(await this.getEvent(eventId)), position });
    this.write(({ events }) => events.setPosition(this.roomId, eventId, position));
  }

  async redact(target: EventId, redaction: EventId): Promise<void> {
    this.#events.set(target, { ...(await this.getEvent(target)), redactedBy: redaction });
    this.write(({ events }) => events.setRedactedBy(this.roomId, target, redaction));
  }

  rememberTransaction(transaction: ClientTransactionRecord, eventId: EventId, at: number): void {
    this.#transactions.set(keyOf(transaction), eventId);
    const { roomId } = this;
    this.write(({ clientTransactions }) =>
      clientTransactions.insert({ ...transaction, roomId, eventId, at }),
    );
  }

  async countStaged(): Promise<number> {
    return (await this.readers.stage.count(this.roomId)) + this.#staged;
  }

  stage(pdu: Pdu, origin: ServerName, arrivedAt: number): void {
    this.#staged += 1;
    const { roomId, eventId, json } = pdu;
    this.write(({ stage }) => stage.put({ roomId, eventId, json, origin, arrivedAt }));
  }

  openTimeline(parent: StateRef | undefined, depth: number): StateRef {
    const timeline = this.#newTimeline();
    const { roomId } = this;
    this.states.open(timeline, parent, depth);
    this.write(({ states }) => states.openTimeline({ timeline, roomId, parent, depth }));
    return { timeline, at: 0 };
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

  /** Records everything in the order of the decisions, but events first: all else refers to them. */
  record(writers: Writers): void {
    if (this.#unsettled !== undefined) throw new Error('the current state is not settled');
    for (let n = 0; n < this.#slots; n += 1) writers.takePosition();
    const { roomId } = this;
    if (this.#roomIsNew) writers.rooms.insertRoom({ roomId, rules: this.rules });
    for (const event of this.#eventWrites) writers.events.put(event);
    for (const write of this.#writes) write(writers);
    if (this.#extremitiesChanged) {
      writers.rooms.setExtremities(this.roomId, [...this.getHead().extremities.keys()]);
    }
  }
}

function keyOf({ userId, deviceId, key }: ClientTransactionRecord): string {
  return JSON.stringify([userId, deviceId, key]);
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
