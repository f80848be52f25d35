import type { JsonObject, UserId } from '@hansa/protocol';
import { it } from 'vitest';
import { compareHistories, idsOf, type Compared } from './testing/compared.ts';
import { ExpectedReads } from './testing/expected-reads.ts';
import type { OpenFace } from './testing/open-face.ts';
import type { PlayedHistory } from './testing/played-history.ts';

const FILTER = '{"room":{"timeline":{"limit":200},"include_leave":true}}';

interface SyncedRoom {
  readonly timeline?: { readonly events: readonly JsonObject[] };
  readonly state?: { readonly events: readonly JsonObject[] };
}

type Sections = Readonly<Partial<Record<'join' | 'leave', Readonly<Record<string, SyncedRoom>>>>>;

/** What a user is shown of the room, in which section. */
async function syncOf(
  { roomId }: PlayedHistory,
  face: OpenFace,
  { userId, place }: { readonly userId: UserId; readonly place: number | undefined },
) {
  const since = place === undefined ? '' : `&since=${face.token(place)}`;
  const filter = encodeURIComponent(FILTER);
  const { body } = await face.asUser(userId, `sync?filter=${filter}${since}`);
  const { join, leave } = (body['rooms'] ?? {}) as unknown as Sections;
  const room = join?.[roomId] ?? leave?.[roomId];
  return {
    isJoined: join?.[roomId] !== undefined,
    timeline: idsOf(room?.timeline?.events),
    state: idsOf(room?.state?.events),
  };
}

/** Ids of which none may be shown, as nobody who may not see an event is told of it. */
const beyond = (shown: readonly string[], allowed: Iterable<string | undefined>) => {
  const all = new Set(allowed);
  return shown.filter((eventId) => !all.has(eventId));
};

it('[SEC-19] [SEC-21] /sync has what its reader may see, since any place', () =>
  compareHistories(async function* look(played, face): AsyncIterable<Compared> {
    const { history } = played;
    for (const userId of played.users) {
      const reader = new ExpectedReads(history, userId);
      const end = reader.isJoined ? history.moments.at(-1) : history.endOfStay(userId);
      const within = history.moments.slice(0, (end?.index ?? -1) + 1);
      const seen = reader.seen(within);
      // A membership outside of a stay, such as an invite that was rejected, is told by itself.
      const own = history.moments.findLast(({ pdu }) => pdu.stateKey === userId)?.pdu.eventId;
      const states = within.flatMap(({ after }) => [...after.state.values()]);
      const first = await syncOf(played, face, { userId, place: undefined });
      // Whoever was invited anew is shown the invite, and not the stay before it.
      const isInvited = history.membershipOf(userId) === 'invite';
      yield [`${userId}: all`, beyond(isInvited ? [] : seen, first.timeline), []];
      for (const place of [undefined, ...played.places]) {
        const shown = await syncOf(played, face, { userId, place });
        const about = `${userId}: since ${place}`;
        yield [about, shown.isJoined && !reader.isJoined, false];
        yield [about, beyond(shown.timeline, [...seen, own]), []];
        yield [about, beyond(shown.state, states), []];
      }
    }
  }));
