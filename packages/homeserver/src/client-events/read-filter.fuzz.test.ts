import { mutatedText } from '@hansa/protocol/testing/mutations';
import { fuzzRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import type { RoomEventFilter } from '@hansa/protocol/wire';
import fc from 'fast-check';
import { it } from 'vitest';
import { MatrixError } from '../matrix-error.ts';
import { passesFilter, passesRooms } from './event-filter.ts';
import { readFilter, readRoomEventFilter } from './read-filter.ts';

const EVENT = { type: 'm.room.message', sender: '@ada:harbour.example', content: { url: 'mxc:' } };
const ROOM = '!room:harbour.example';

const ROOM_EVENTS = { types: ['m.*', '*'], not_types: ['m.room.*'], senders: [EVENT.sender] };
const PIECES = ['{', '}', '[', ']', '"', ',', ':', '*', 'null', '-0', '1e3', '"__proto__":{},'];

const texts = (...samples: object[]) =>
  mutatedText(
    samples.map((sample) => JSON.stringify(sample)),
    PIECES,
  );

function canBeAsked(filter: RoomEventFilter = {}): boolean {
  return [passesFilter(EVENT, filter), passesRooms(ROOM, filter)].every(
    (answer) => typeof answer === 'boolean',
  );
}

/** In words that begin with the parameter; anything else is thrown on. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof MatrixError)) throw error;
  return error.status === 400 && /^filter: ./.test(error.message);
}

it('any filter of /messages is read or refused, named', () => {
  const bounds = { limit: 10, rooms: [ROOM], contains_url: true, lazy_load_members: true };
  fc.assert(
    fc.property(texts(ROOM_EVENTS, bounds, {}), (text) => {
      try {
        return canBeAsked(readRoomEventFilter(text));
      } catch (error) {
        return isRefusal(error);
      }
    }),
    propertyParameters(fuzzRuns),
  );
});

it('any filter of /sync is read or refused, named', async () => {
  const room = { rooms: [ROOM], include_leave: true, timeline: ROOM_EVENTS, state: ROOM_EVENTS };
  const accounts = { findFilter: () => Promise.resolve(undefined) };
  const userId = '@ada:harbour.example' as Parameters<typeof readFilter>[1];
  await fc.assert(
    fc.asyncProperty(texts({ room, presence: {} }, { room: {} }), async (text) => {
      try {
        const { room: read } = await readFilter(accounts, userId, text);
        return [read, read?.timeline, read?.state].every(canBeAsked);
      } catch (error) {
        return isRefusal(error);
      }
    }),
    propertyParameters(fuzzRuns),
  );
});
