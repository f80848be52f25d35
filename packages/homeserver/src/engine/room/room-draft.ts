import { serverOf } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, ServerName, UserId } from '@hansa/protocol';
import type {
  ClientTransactionRecord,
  NewEvent,
  Position,
  Readers,
  StateRef,
  Writers,
} from '@hansa/storage';
import { DraftAuthGraph } from './draft-auth-graph.ts';
import { DraftHead } from './draft-head.ts';
import { DraftMembers } from './draft-members.ts';
import { DraftStates } from './draft-states.ts';
import { DraftTransactions } from './draft-transactions.ts';
import { isRejected, type KnownEvent } from './known-event.ts';
import type { RoomHead } from './room-head.ts';

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
export class RoomDraft extends DraftHead {
  readonly states: DraftStates;
  readonly members: DraftMembers;
  /** Local users whose own membership changed, and servers that have something to be sent. */
  readonly changedUsers = new Set<UserId>();
  readonly destinations = new Set<ServerName>();
  readonly #readers: DraftReaders;
  readonly #newTimeline: () => number;
  readonly #events = new Map<EventId, KnownEvent>();
  /** What was read: nobody else writes to the room. */
  readonly #stored = new Map<EventId, KnownEvent>();
  /**
   * Ids that did not exist before this draft: nothing stored has one, and nobody names one but who guessed it, so nothing is
   * read to find that.
   */
  readonly #made = new Set<EventId>();
  readonly #graph = new DraftAuthGraph();
  readonly #children = new Map<EventId, EventId[]>();
  readonly #held = new Map<EventId, EventId[]>();
  readonly #transactions: DraftTransactions;
  readonly #eventWrites: NewEvent[] = [];
  #staged: Map<ServerName, number> | undefined;

  constructor(
    roomId: RoomId,
    head: RoomHead | undefined,
    readers: DraftReaders,
    newTimeline: () => number,
  ) {
    super(roomId, head);
    this.#readers = readers;
    this.states = new DraftStates(readers.states, head?.known);
    this.members = new DraftMembers(roomId, readers.rooms, (write) => this.write(write));
    this.#transactions = new DraftTransactions(readers.clientTransactions);
    this.#newTimeline = newTimeline;
  }

  override get size(): number {
    return super.size + this.#eventWrites.length;
  }

  /** Other rooms, as they are committed. */
  get otherRooms(): Pick<Readers['rooms'], 'find' | 'findMember'> {
    return this.#readers.rooms;
  }

  async findEvent(eventId: EventId): Promise<KnownEvent | undefined> {
    const known = this.#events.get(eventId) ?? this.#stored.get(eventId);
    if (known !== undefined || this.#made.has(eventId)) return known;
    const stored = await this.#readers.events.find(this.roomId, eventId);
    if (stored !== undefined) this.#stored.set(eventId, stored);
    return stored;
  }

  /** An event has just been built here. */
  noteMade(eventId: EventId): void {
    this.#made.add(eventId);
  }

  async getEvent(eventId: EventId): Promise<KnownEvent> {
    const event = await this.findEvent(eventId);
    if (event === undefined) throw new Error(`the event ${eventId} is not stored`);
    return event;
  }

  async listChildren(eventId: EventId): Promise<readonly EventId[]> {
    const drafted = this.#children.get(eventId) ?? [];
    if (this.#made.has(eventId)) return drafted;
    const stored = await this.#readers.events.listChildren(this.roomId, eventId);
    return [...new Set([...stored, ...drafted])];
  }

  async listHeldRedactions(target: EventId): Promise<readonly EventId[]> {
    const drafted = this.#held.get(target) ?? [];
    if (this.#made.has(target)) return drafted;
    const stored = await this.#readers.events.listHeldRedactions(this.roomId, target);
    return [...stored, ...drafted];
  }

  findTransaction(transaction: ClientTransactionRecord): Promise<EventId | undefined> {
    return this.#transactions.find(transaction);
  }

  /** The event by which we left the room, in what is committed: who comes back has left before. */
  findLastLeave(): Promise<EventId | undefined> {
    return this.#readers.rooms.findLastLeave(this.roomId);
  }

  /** The room's auth graph, for state resolution. */
  loadAuthGraph(seeds: readonly EventId[]): ReturnType<DraftAuthGraph['over']> {
    const stored = this.#readers.events.loadAuthGraph(this.roomId, this.rules, seeds);
    return this.#graph.over(this.rules, stored);
  }

  /** Only the funnel calls this. */
  putEvent(event: NewEvent): void {
    this.#requireOfRoom(event.pdu);
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

  /** It will be read by the room's rules, whoever said by which it was made. */
  #requireOfRoom({ eventId, roomId, rules }: Pdu): void {
    if (roomId === this.roomId && rules.id === this.rules.id) return;
    throw new Error(`${eventId} is of ${roomId} in version ${rules.id}, not of this room`);
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
    const { roomId } = this;
    this.write(this.#transactions.remember(transaction, { roomId, eventId, at }));
  }

  isStaged(eventId: EventId): Promise<boolean> {
    return this.#readers.stage.has(this.roomId, eventId);
  }

  /** By the server that brought them; those too that this draft takes out of the stage. */
  async countStaged(): Promise<ReadonlyMap<ServerName, number>> {
    this.#staged ??= new Map(await this.#readers.stage.countByOrigin(this.roomId));
    return this.#staged;
  }

  stage(pdu: Pdu, origin: ServerName, arrivedAt: number): void {
    this.#staged?.set(origin, (this.#staged.get(origin) ?? 0) + 1);
    const { roomId, eventId, json } = pdu;
    const isFromSender = serverOf(pdu.sender) === origin;
    this.write(({ stage }) =>
      stage.put({ roomId, eventId, json, origin, isFromSender, arrivedAt }),
    );
  }

  openTimeline(parent: StateRef | undefined, depth: number): StateRef {
    const timeline = this.#newTimeline();
    const { roomId } = this;
    this.states.open(timeline, parent, depth);
    this.write(({ states }) => states.openTimeline({ timeline, roomId, parent, depth }));
    return { timeline, at: 0 };
  }

  record(writers: Writers): void {
    this.recordAround(writers, () => {
      for (const event of this.#eventWrites) writers.events.put(event);
    });
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
