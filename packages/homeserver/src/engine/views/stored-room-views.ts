import { createEventIdOf } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, ServerName, UserId } from '@hansa/protocol';
import { differenceOfStates } from '@hansa/storage';
import type { Readers, StateRef } from '@hansa/storage';
import { notFound } from '../../matrix-error.ts';
import type {
  RoomSummary,
  RoomViews,
  StateView,
  StoredEvent,
  TimelineQuery,
  UserMembership,
  WalkBack,
} from '../room-views.ts';
import { listMemberships } from './memberships.ts';
import { servedPdus, StoredStateView } from './state-view.ts';
import { toStoredEvents } from './stored-events.ts';
import { authChainOf, walkBack } from './walk-back.ts';

/** Rooms as the store has them: what is committed, and nothing else. */
export class StoredRoomViews implements RoomViews {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  position(): Promise<number> {
    return this.#readers.position();
  }

  async findRoom(roomId: RoomId): Promise<RoomSummary | undefined> {
    const room = await this.#readers.rooms.find(roomId);
    if (room === undefined || room.residence === 'outside') return undefined;
    return { roomId, rules: room.rules, residence: room.residence };
  }

  async findEvent(roomId: RoomId, eventId: EventId): Promise<StoredEvent | undefined> {
    const record = await this.#readers.events.find(roomId, eventId);
    if (record === undefined || record.verdict === 'quarantined') return undefined;
    return (await toStoredEvents(this.#readers, roomId, [record])).at(0);
  }

  findRoomOf(eventId: EventId): Promise<RoomId | undefined> {
    return this.#readers.events.findRoomOf(eventId);
  }

  async currentState(roomId: RoomId): Promise<StateView> {
    return this.stateAtPosition(roomId, Number.MAX_SAFE_INTEGER);
  }

  async stateAtPosition(roomId: RoomId, position: number): Promise<StateView> {
    return this.#view(roomId, await this.#readers.states.findRefAt(roomId, position));
  }

  async stateBefore(roomId: RoomId, eventId: EventId): Promise<StateView> {
    return this.#view(roomId, (await this.#readers.events.find(roomId, eventId))?.before);
  }

  async stateAfter(roomId: RoomId, eventId: EventId): Promise<StateView> {
    return this.#view(roomId, (await this.#readers.events.find(roomId, eventId))?.after);
  }

  async stateChanges(roomId: RoomId, from: number, to: number): Promise<readonly Pdu[]> {
    const { states, events } = this.#readers;
    const end = await states.findRefAt(roomId, to);
    const begin = await states.findRefAt(roomId, from);
    if (end === undefined) return [];
    if (begin === undefined) return new StoredStateView(this.#readers, roomId, end).list();
    const changed: EventId[] = [];
    for (const [, , change] of await differenceOfStates(states, begin, end)) {
      if (change.to !== undefined) changed.push(change.to);
    }
    return servedPdus(await events.findMany(roomId, changed));
  }

  async timeline(query: TimelineQuery): Promise<readonly StoredEvent[]> {
    const records = await this.#readers.events.listRange(query);
    return toStoredEvents(this.#readers, query.roomId, records);
  }

  async changedRooms(
    roomIds: readonly RoomId[],
    from: number,
    to: number,
  ): Promise<ReadonlySet<RoomId>> {
    return new Set(await this.#readers.rooms.listChanged(roomIds, from, to));
  }

  membershipsOf(userId: UserId): Promise<readonly UserMembership[]> {
    // A room that is joined between two readings would be neither at the door nor inside.
    return this.#readers.snapshot((readers) => listMemberships(readers, userId));
  }

  async hasForgotten(roomId: RoomId, userId: UserId): Promise<boolean> {
    const { rooms } = this.#readers;
    const position = (await rooms.listForgotten(userId)).get(roomId);
    if (position === undefined) return false;
    return (await rooms.findMember(roomId, userId))?.position === position;
  }

  joinedUsers(roomId: RoomId): Promise<readonly UserId[]> {
    return this.#readers.rooms.listMembers(roomId, 'join');
  }

  async countJoined(roomId: RoomId): Promise<number> {
    const byServer = await this.#readers.rooms.countJoined(roomId);
    return byServer.values().reduce((sum, count) => sum + count, 0);
  }

  async joinedServers(roomId: RoomId): Promise<readonly ServerName[]> {
    return [...(await this.#readers.rooms.countJoined(roomId)).keys()];
  }

  async walkBack(query: WalkBack): Promise<readonly StoredEvent[]> {
    const records = await walkBack(this.#readers, query);
    return toStoredEvents(this.#readers, query.roomId, records);
  }

  async authChain(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly Pdu[]> {
    const chain = new Set(await authChainOf(this.#readers, roomId, eventIds));
    // Where no event names the create event, the room id does.
    const create = createEventIdOf(roomId);
    if (create !== undefined && eventIds.length > 0) chain.add(create);
    const records = await this.#readers.events.findMany(roomId, [...chain]);
    return servedPdus(records);
  }

  /** What is not known is shown to nobody. */
  #view(roomId: RoomId, ref: StateRef | undefined): StateView {
    if (ref === undefined) throw notFound('The state of the room at this point is not known.');
    return new StoredStateView(this.#readers, roomId, ref);
  }
}
