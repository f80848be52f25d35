import { canonicalJson, redact } from '@hansa/protocol';
import type { EventId, JsonObject, JsonValue, ServerName } from '@hansa/protocol';
import { it } from 'vitest';
import { compareHistories, REFUSED, shownBy, UNKNOWN, type Compared } from './testing/compared.ts';
import type { Moment, NaiveHistory } from './testing/naive-history.ts';
import type { FaceAnswer, OpenFace } from './testing/open-face.ts';
import type { PlayedHistory } from './testing/played-history.ts';

const MAX_MISSING = 20;
const segment = encodeURIComponent;

/** Another server, that asks for everything in every way. */
class Peer {
  readonly history: NaiveHistory;
  readonly room: string;
  readonly #name: ServerName;
  readonly #face: OpenFace;

  constructor(played: PlayedHistory, face: OpenFace, name: ServerName) {
    this.history = played.history;
    this.room = segment(played.roomId);
    this.#name = name;
    this.#face = face;
  }

  ask(path: string, body?: JsonObject): Promise<FaceAnswer> {
    return this.#face.asServer(this.#name, path, body);
  }

  ifInRoom<T>(expected: T): T | string {
    return this.history.hasServer(this.#name) ? expected : REFUSED;
  }

  /** Events in the form in which this server may have them. */
  formsOf(moments: readonly Moment[]): readonly string[] {
    return moments.map((moment) => {
      const { json, rules } = moment.pdu;
      const isWhole = this.history.getsWhole(this.#name, moment);
      return canonicalJson(isWhole ? json : redact(json, rules));
    });
  }
}

function everyPeer(
  look: (peer: Peer, played: PlayedHistory) => AsyncIterable<Compared>,
): Promise<void> {
  return compareHistories(async function* each(played, face): AsyncIterable<Compared> {
    for (const name of played.servers) {
      for await (const [about, ...rest] of look(new Peer(played, face, name), played)) {
        yield [`${name}: ${about}`, ...rest];
      }
    }
  });
}

function formsIn(answer: FaceAnswer, member: string): readonly string[] | string {
  return shownBy(answer, (body) => ((body[member] ?? []) as readonly JsonObject[]).map(textOf));
}

const textOf = (event: JsonObject): string => canonicalJson(event);

const sorted = (shown: readonly string[] | string) =>
  typeof shown === 'string' ? shown : shown.toSorted();

const idsIn = (answer: FaceAnswer, member: string) =>
  shownBy(answer, (body) => (body[member] as readonly JsonValue[] as readonly string[]).toSorted());

it('[SEC-19] /event, /backfill and /get_missing_events show a server of the room what its users may see', () =>
  everyPeer(async function* look(peer) {
    const { moments } = peer.history;
    for (const { index, pdu } of moments) {
      const id = segment(pdu.eventId);
      const upTo = peer.formsOf(moments.slice(0, index + 1));
      const event = await peer.ask(`event/${id}`);
      yield ['event', formsIn(event, 'pdus'), peer.ifInRoom(upTo.slice(-1))];
      const backfill = await peer.ask(`backfill/${peer.room}?v=${id}&limit=100`);
      yield ['backfill', formsIn(backfill, 'pdus'), peer.ifInRoom(upTo.toReversed())];
      const body = { earliest_events: [], latest_events: [pdu.eventId], limit: 100 };
      const missing = await peer.ask(`get_missing_events/${peer.room}`, body);
      const between = upTo.slice(0, -1).slice(-MAX_MISSING);
      yield ['missing', formsIn(missing, 'events'), peer.ifInRoom(between)];
    }
  }));

it('[SEC-20] /state, /state_ids and /event_auth are for servers of the room alone', () =>
  everyPeer(async function* look(peer) {
    for (const { before, pdu } of peer.history.moments) {
      const id = segment(pdu.eventId);
      const expected = [...before.state.values()];
      const chain = [...peer.history.authChain(expected)];
      const ids = await peer.ask(`state_ids/${peer.room}?event_id=${id}`);
      yield ['state ids', idsIn(ids, 'pdu_ids'), peer.ifInRoom(expected.toSorted())];
      yield ['chain ids', idsIn(ids, 'auth_chain_ids'), peer.ifInRoom(chain.toSorted())];
      const state = await peer.ask(`state/${peer.room}?event_id=${id}`);
      yield ['state', sorted(formsIn(state, 'pdus')), peer.ifInRoom(wholes(peer, expected))];
      yield ['chain', sorted(formsIn(state, 'auth_chain')), peer.ifInRoom(wholes(peer, chain))];
      const auth = await peer.ask(`event_auth/${peer.room}/${id}`);
      const ownChain = [...peer.history.authChain([pdu.eventId])];
      const others = ownChain.filter((eventId) => eventId !== pdu.eventId);
      yield ['auth', sorted(formsIn(auth, 'auth_chain')), peer.ifInRoom(wholes(peer, others))];
    }
  }));

/** State tells nothing of what was said, and who takes part in a room has to have it whole. */
function wholes({ history }: Peer, eventIds: readonly EventId[]): readonly string[] {
  return history.moments
    .filter(({ pdu }) => eventIds.includes(pdu.eventId))
    .map(({ pdu }) => canonicalJson(pdu.json))
    .toSorted();
}

it('[SEC-20] [SEC-04] nothing of another room comes by way of one that a server is in', () =>
  everyPeer(async function* look(peer, { otherEvents, otherRoomId }) {
    for (const { pdu } of otherEvents) {
      const id = segment(pdu.eventId);
      const refusing = [`event/${id}`, `state/${segment(otherRoomId)}?event_id=${id}`];
      for (const path of refusing) {
        yield [path, shownBy(await peer.ask(path), (body) => body), REFUSED];
      }
      const at = [`event_auth/${peer.room}/${id}`, `state/${peer.room}?event_id=${id}`];
      for (const path of [...at, `state_ids/${peer.room}?event_id=${id}`]) {
        yield [path, shownBy(await peer.ask(path), (body) => body), peer.ifInRoom(UNKNOWN)];
      }
      const backfill = await peer.ask(`backfill/${peer.room}?v=${id}&limit=100`);
      yield ['backfill', formsIn(backfill, 'pdus'), peer.ifInRoom([])];
      const body = { earliest_events: [], latest_events: [pdu.eventId], limit: 100 };
      const missing = await peer.ask(`get_missing_events/${peer.room}`, body);
      yield ['missing', formsIn(missing, 'events'), peer.ifInRoom([])];
    }
  }));
