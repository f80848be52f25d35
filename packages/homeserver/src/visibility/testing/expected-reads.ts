import type { UserId } from '@hansa/protocol';
import type { Moment, NaiveHistory } from './naive-history.ts';

/** How much of a room's history one of our users reads, by what the specification says of each endpoint. */
export class ExpectedReads {
  readonly history: NaiveHistory;
  readonly userId: UserId;

  constructor(history: NaiveHistory, userId: UserId) {
    this.history = history;
    this.userId = userId;
  }

  get isJoined(): boolean {
    return this.history.membershipOf(this.userId) === 'join';
  }

  /** Whoever is in the room, or was, or anybody where all the world may. */
  get mayAsk(): boolean {
    return this.seesNow || this.history.endOfStay(this.userId) !== undefined;
  }

  get seesNow(): boolean {
    return this.isJoined || this.history.now.visibility === 'world_readable';
  }

  /** The last event of the room, for who is or may look in; else the one by which the user went. */
  get last(): Moment | undefined {
    return this.seesNow ? this.history.moments.at(-1) : this.history.endOfStay(this.userId);
  }

  /** What is to be seen of these, in their order. */
  seen(moments: readonly Moment[]): readonly string[] {
    const { history, userId } = this;
    return moments.filter((moment) => history.maySee(userId, moment)).map(idOf);
  }

  /** What a timeline has, the oldest first. */
  get timeline(): readonly string[] {
    return this.seen(this.upToLast);
  }

  get upToLast(): readonly Moment[] {
    return this.history.moments.slice(0, (this.last?.index ?? -1) + 1);
  }

  /** Events of the state after a moment, sorted. */
  stateAfter(moment: Moment | undefined, type = ''): readonly string[] {
    const entries = [...(moment?.after.state ?? [])].filter(([key]) => key.startsWith(type));
    return entries.map(([, eventId]) => eventId).toSorted();
  }
}

function idOf({ pdu }: Moment): string {
  return pdu.eventId;
}
