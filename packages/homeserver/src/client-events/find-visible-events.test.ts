import type { Pdu, RoomId, UserId } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import type { StateView, StoredEvent } from '../engine/room-views.ts';
import { findVisibleEvents, type EventSearch, type TimelineReads } from './find-visible-events.ts';

const ada = '@ada:harbour.example' as UserId;

const join = {
  type: 'm.room.member',
  stateKey: ada,
  content: { membership: 'join' },
} as unknown as Pdu;

/** Positions 1 to `count`; at those given, an event that follows a gap, or one that nobody wants. */
function timelineOf(count: number, marks: { gaps?: number[]; unwanted?: boolean } = {}) {
  const events = Array.from({ length: count }, (_, index): StoredEvent => {
    const position = index + 1;
    const type = marks.unwanted === true ? 'm.unwanted' : 'm.room.message';
    return {
      pdu: { eventId: `$${position}`, type, sender: ada, content: {} } as unknown as Pdu,
      position,
      verdict: 'accepted',
      place: 'timeline',
      redactedBy: undefined,
      transaction: undefined,
      replaces: undefined,
      followsGap: marks.gaps?.includes(position) ?? false,
    };
  });
  const state: StateView = {
    find: async (type) => (type === 'm.room.member' ? join : undefined),
    list: async () => [join],
  };
  let pages = 0;
  const views: TimelineReads = {
    currentState: async () => state,
    stateBefore: async () => state,
    findEvent: async () => undefined,
    hasForgotten: async () => false,
    async timeline({ direction, from, to, limit }) {
      pages += 1;
      const within = events.filter(({ position = 0 }) =>
        direction === 'forward'
          ? position > from && position <= (to ?? Infinity)
          : position < from && position > (to ?? -Infinity),
      );
      return (direction === 'forward' ? within : within.toReversed()).slice(0, limit);
    },
  };
  return { views, pages: () => pages };
}

function search(changes: Partial<EventSearch>): EventSearch {
  return {
    roomId: '!room' as RoomId,
    userId: ada,
    direction: 'backward',
    from: 1_000_000,
    to: undefined,
    limit: 3,
    filter: { types: ['m.room.message'] },
    ...changes,
  };
}

async function find(changes: Partial<EventSearch>, views: TimelineReads) {
  const { events, ...rest } = await findVisibleEvents(views, search(changes));
  return { positions: events.map(({ position }) => position), ...rest };
}

describe('looking for events that somebody may read and wants', () => {
  it('finds so many, and says whether there are more', async () => {
    const { views } = timelineOf(5);
    expect(await find({}, views)).toEqual({ positions: [5, 4, 3], reached: 3, exhausted: false });
    expect(await find({ from: 3 }, views)).toEqual({
      positions: [2, 1],
      reached: 1,
      exhausted: true,
    });
    expect(await find({ from: 0, direction: 'forward' }, views)).toEqual({
      positions: [1, 2, 3],
      reached: 3,
      exhausted: false,
    });
    expect(await find({ from: 0, direction: 'forward', to: 3 }, views)).toMatchObject({
      exhausted: true,
    });
    expect(await find({ limit: 0 }, views)).toEqual({
      positions: [],
      reached: undefined,
      exhausted: false,
    });
  });

  it('stops at a gap, where that is asked for', async () => {
    const { views } = timelineOf(5, { gaps: [4] });
    expect(await find({ stopsAtGaps: true }, views)).toEqual({
      positions: [5, 4],
      reached: 4,
      exhausted: false,
    });
    expect((await find({}, views)).positions).toEqual([5, 4, 3]);
    expect(await find({ stopsAtGaps: true, to: 4 }, views)).toEqual({
      positions: [5],
      reached: 5,
      exhausted: true,
    });
  });

  it('gives up after some pages of what nobody wants, and says from where to go on', async () => {
    const { views, pages } = timelineOf(1000, { unwanted: true });
    const first = await find({}, views);
    expect(first).toEqual({ positions: [], reached: 901, exhausted: false });
    expect(pages()).toBe(5);
  });

  it('does not look at all in a room that the filter leaves out', async () => {
    const { views, pages } = timelineOf(5);
    expect(await find({ filter: { not_rooms: ['!room'] } }, views)).toMatchObject({
      positions: [],
      exhausted: true,
    });
    expect(pages()).toBe(0);
  });
});
