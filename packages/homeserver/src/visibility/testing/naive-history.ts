import type { EventId, JsonObject, Pdu, ServerName, UserId } from '@hansa/protocol';
import type { StoredEvent } from '../../engine/room-views.ts';

/** What the room is at some time: nothing but what its events say, in their order. */
interface Snapshot {
  readonly visibility: string;
  readonly memberships: ReadonlyMap<string, string>;
  /** `type state_key` → event id. */
  readonly state: ReadonlyMap<string, EventId>;
}

export interface Moment {
  readonly index: number;
  readonly pdu: Pdu;
  readonly position: number;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

const KNOWN = ['world_readable', 'shared', 'invited', 'joined'];

/**
 * A history without forks, and who may see what of it, by the words of the specification and nothing of the product's:
 * client-server API, "Room History Visibility".
 */
export class NaiveHistory {
  readonly moments: readonly Moment[];

  constructor(events: readonly StoredEvent[]) {
    const moments: Moment[] = [];
    let before: Snapshot = { visibility: 'shared', memberships: new Map(), state: new Map() };
    for (const { pdu, position = 0, verdict } of events) {
      const last = moments.at(-1)?.pdu.eventId;
      const isNext = pdu.prevEvents.join() === (last ?? '');
      if (!isNext || verdict !== 'accepted') throw new Error('the history has forks');
      const after = snapshotAfter(before, pdu);
      moments.push({ index: moments.length, pdu, position, before, after });
      before = after;
    }
    this.moments = moments;
  }

  get now(): Snapshot {
    const last = this.moments.at(-1);
    if (last === undefined) throw new Error('nothing happened');
    return last.after;
  }

  membershipOf(userId: UserId): string {
    return this.now.memberships.get(userId) ?? 'none';
  }

  /** The event by which a user who is not in the room left it last; undefined for who never did. */
  endOfStay(userId: UserId): Moment | undefined {
    return this.moments.findLast(
      ({ before, after }) =>
        before.memberships.get(userId) === 'join' && after.memberships.get(userId) !== 'join',
    );
  }

  maySee(userId: UserId, { index, pdu, before, after }: Moment): boolean {
    const isOwn = pdu.type === 'm.room.member' && pdu.stateKey === userId;
    const memberships = [before, ...(isOwn ? [after] : [])].map((at) => at.memberships.get(userId));
    if (memberships.includes('join')) return true;
    const joinsLater = this.moments
      .slice(index + 1)
      .some((later) => later.after.memberships.get(userId) === 'join');
    return visibilities(pdu, before, after).some(
      (visibility) =>
        visibility === 'world_readable' ||
        (visibility === 'shared' && joinsLater) ||
        (visibility === 'invited' && memberships.includes('invite')),
    );
  }

  /** Somebody of the server is in the room. */
  hasServer(server: ServerName): boolean {
    return [...this.now.memberships].some(
      ([user, membership]) => isOn(user, server) && membership === 'join',
    );
  }

  /** A server of the room gets all that its users may see, and of the rest what redaction leaves. */
  getsWhole(server: ServerName, { pdu, before, after }: Moment): boolean {
    const memberships = [...before.memberships].flatMap(([user, membership]) =>
      isOn(user, server) ? [membership] : [],
    );
    if (pdu.type === 'm.room.member' && isOn(pdu.stateKey ?? '', server)) {
      memberships.push(after.memberships.get(pdu.stateKey ?? '') ?? 'none');
    }
    return visibilities(pdu, before, after).some(
      (visibility) =>
        visibility === 'world_readable' ||
        visibility === 'shared' ||
        memberships.includes('join') ||
        (visibility === 'invited' && memberships.includes('invite')),
    );
  }

  /** Everything that authorises these, and what authorises that. In version 12 the create event does, though nobody names it. */
  authChain(eventIds: readonly EventId[]): ReadonlySet<EventId> {
    const create = this.moments.slice(0, Math.min(eventIds.length, 1));
    const chain = new Set(create.map(({ pdu }) => pdu.eventId));
    for (const eventId of eventIds) this.#addAuthority(eventId, chain);
    for (const eventId of chain) this.#addAuthority(eventId, chain);
    return chain;
  }

  #addAuthority(eventId: EventId, chain: Set<EventId>): void {
    const moment = this.moments.find(({ pdu }) => pdu.eventId === eventId);
    for (const auth of moment?.pdu.authEvents ?? []) chain.add(auth);
  }
}

function visibilities(pdu: Pdu, before: Snapshot, after: Snapshot): readonly string[] {
  const isChange = pdu.type === 'm.room.history_visibility' && pdu.stateKey === '';
  return isChange ? [before.visibility, after.visibility] : [before.visibility];
}

function snapshotAfter(before: Snapshot, { type, stateKey, content, eventId }: Pdu): Snapshot {
  if (stateKey === undefined) return before;
  const state = new Map(before.state).set(`${type} ${stateKey}`, eventId);
  if (type === 'm.room.member') {
    const membership = textOf(content, 'membership');
    return { ...before, state, memberships: new Map(before.memberships).set(stateKey, membership) };
  }
  if (type !== 'm.room.history_visibility') return { ...before, state };
  const said = textOf(content, 'history_visibility');
  return { ...before, state, visibility: KNOWN.includes(said) ? said : 'shared' };
}

function textOf(content: JsonObject, key: string): string {
  const value = content[key];
  return typeof value === 'string' ? value : '';
}

function isOn(user: string, server: ServerName): boolean {
  return user.slice(user.indexOf(':') + 1) === server;
}
