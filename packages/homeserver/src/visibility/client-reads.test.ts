import type { JsonObject, JsonValue, UserId } from '@hansa/protocol';
import { it } from 'vitest';
import {
  compareHistories,
  idsOf,
  REFUSED,
  shownBy,
  UNKNOWN,
  type Compared,
} from './testing/compared.ts';
import { ExpectedReads } from './testing/expected-reads.ts';
import type { Moment } from './testing/naive-history.ts';
import type { FaceAnswer, OpenFace } from './testing/open-face.ts';
import type { PlayedHistory } from './testing/played-history.ts';

const ALL = 500;
const segment = encodeURIComponent;

/** One of our users, who asks for everything in every way. */
class Reader extends ExpectedReads {
  readonly #roomId: string;
  readonly #face: OpenFace;

  constructor(played: PlayedHistory, face: OpenFace, userId: UserId) {
    super(played.history, userId);
    this.#roomId = played.roomId;
    this.#face = face;
  }

  ask(path: string): Promise<FaceAnswer> {
    return this.#face.asUser(this.userId, path);
  }

  inRoom(path: string): Promise<FaceAnswer> {
    return this.ask(`rooms/${segment(this.#roomId)}/${path}`);
  }

  /** What an endpoint answers that is for who is or was in the room, and for the world where it may look in. */
  ifMayAsk<T>(expected: T): T | string {
    return this.mayAsk ? expected : REFUSED;
  }
}

type Look = (reader: Reader, played: PlayedHistory, face: OpenFace) => AsyncIterable<Compared>;

function everyReader(look: Look): Promise<void> {
  return compareHistories(async function* each(played, face): AsyncIterable<Compared> {
    for (const userId of played.users) {
      for await (const [about, ...rest] of look(new Reader(played, face, userId), played, face)) {
        yield [`${userId}: ${about}`, ...rest];
      }
    }
  });
}

const sortedIds = (events: JsonValue | undefined) => idsOf(events).toSorted();
const chunkOf = (answer: FaceAnswer) => shownBy(answer, ({ chunk }) => idsOf(chunk));
const sortedChunkOf = (answer: FaceAnswer) => shownBy(answer, ({ chunk }) => sortedIds(chunk));

it('[SEC-19] /messages has what its reader may see, in both directions', () =>
  everyReader(async function* look(reader) {
    const { timeline } = reader;
    const forth = await reader.inRoom(`messages?dir=f&limit=${ALL}`);
    yield ['forth', chunkOf(forth), reader.ifMayAsk(timeline)];
    const back = await reader.inRoom(`messages?dir=b&limit=${ALL}`);
    yield ['back', chunkOf(back), reader.ifMayAsk(timeline.toReversed())];
  }));

it('[SEC-19] /event and /context have what their reader may see, and the state there', () =>
  everyReader(async function* look(reader, { history }) {
    for (const moment of history.moments) {
      const { eventId, type } = moment.pdu;
      const isSeen = history.maySee(reader.userId, moment);
      const event = await reader.inRoom(`event/${segment(eventId)}`);
      yield [
        `event of ${type}`,
        shownBy(event, (body) => body['event_id']),
        isSeen ? eventId : UNKNOWN,
      ];
      const context = await reader.inRoom(`context/${segment(eventId)}?limit=100`);
      yield [
        `context of ${type}`,
        shownBy(context, (body) => ({
          before: idsOf(body['events_before']).toReversed(),
          after: idsOf(body['events_after']),
          state: sortedIds(body['state']),
        })),
        reader.ifMayAsk(isSeen ? contextOf(reader, moment) : UNKNOWN),
      ];
    }
  }));

function contextOf(reader: Reader, moment: Moment): object {
  const { moments } = reader.history;
  const after = reader.seen(reader.upToLast.slice(moment.index + 1));
  const last = moments.find(({ pdu }) => pdu.eventId === after.at(-1)) ?? moment;
  return {
    before: reader.seen(moments.slice(0, moment.index)),
    after,
    state: reader.stateAfter(last),
  };
}

it('[SEC-20] /event and /context have nothing of another room by way of one', () =>
  everyReader(async function* look(reader, { otherEvents }) {
    for (const { pdu } of otherEvents) {
      const id = segment(pdu.eventId);
      const event = await reader.inRoom(`event/${id}`);
      yield ['event', shownBy(event, (body) => body), UNKNOWN];
      const context = await reader.inRoom(`context/${id}`);
      yield ['context', shownBy(context, (body) => body), reader.ifMayAsk(UNKNOWN)];
    }
  }));

it('[SEC-20] /state, /members and /joined_members are those of now, or of when their reader went', () =>
  everyReader(async function* look(reader) {
    const { last } = reader;
    const state = await reader.inRoom('state');
    const all = shownBy(state, (body) => sortedIds(body as unknown as JsonValue));
    yield ['state', all, reader.ifMayAsk(reader.stateAfter(last))];
    const rule = await reader.inRoom('state/m.room.join_rules');
    yield ['join rule', shownBy(rule, (body) => body), reader.ifMayAsk({ join_rule: 'public' })];
    const there = reader.ifMayAsk(reader.stateAfter(last, 'm.room.member '));
    yield ['members', sortedChunkOf(await reader.inRoom('members')), there];
    const joined = await reader.inRoom('joined_members');
    const now = [...reader.history.now.memberships].filter(([, is]) => is === 'join');
    yield [
      'joined members',
      shownBy(joined, (body) => Object.keys(body['joined'] as JsonObject).toSorted()),
      reader.isJoined ? now.map(([user]) => user).toSorted() : REFUSED,
    ];
  }));

it('[SEC-21] /members at any place has who was there then, for who may see that', () =>
  everyReader(async function* look(reader, { places }, face) {
    for (const place of places) {
      const answer = await reader.inRoom(`members?at=${face.token(place)}`);
      yield [`at ${place}`, sortedChunkOf(answer), reader.ifMayAsk(membersAt(reader, place))];
    }
  }));

function membersAt(reader: Reader, place: number): readonly string[] | string {
  const { history, last, seesNow, userId } = reader;
  const isLast = last !== undefined && !seesNow && place >= last.position;
  const there = isLast ? last : history.moments.findLast(({ position }) => position <= place);
  const isSeen = isLast || there === undefined || history.maySee(userId, there);
  // Whoever may look in sees who is there now.
  const isOver = seesNow && there === history.moments.at(-1) && place > (there?.position ?? 0);
  return isSeen || isOver ? reader.stateAfter(there, 'm.room.member ') : REFUSED;
}

it('[SEC-21] /messages from and to any place has what its reader may see between them', () =>
  everyReader(async function* look(reader, { places }, face) {
    const between = (low: number, high: number) => {
      const within = reader.upToLast.filter(({ position }) => position > low && position <= high);
      return reader.ifMayAsk(reader.seen(within));
    };
    for (const [n, from] of places.entries()) {
      const to = places[(n * 7 + 3) % places.length] ?? 0;
      const query = `from=${face.token(from)}&to=${face.token(to)}&limit=${ALL}`;
      const back = await reader.inRoom(`messages?dir=b&${query}`);
      const oldestFirst = shownBy(back, ({ chunk }) => idsOf(chunk).toReversed());
      yield [`back from ${from} to ${to}`, oldestFirst, between(to, from)];
      const forth = await reader.inRoom(`messages?dir=f&${query}`);
      yield [`forth from ${from} to ${to}`, chunkOf(forth), between(from, to)];
    }
  }));
