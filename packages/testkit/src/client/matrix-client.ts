import { HttpSession } from './http-session.ts';
import { RoomPicture, type ClientEvent } from './room-picture.ts';

interface SyncAnswer {
  readonly next_batch: string;
  readonly rooms?: {
    readonly join?: Readonly<Record<string, Parameters<RoomPicture['apply']>[0]>>;
    readonly invite?: Readonly<
      Record<string, { readonly invite_state: { readonly events: readonly ClientEvent[] } }>
    >;
    readonly leave?: Readonly<Record<string, Parameters<RoomPicture['apply']>[0]>>;
  };
}

const SYNC_TIMEOUT_MS = 5_000;
const TIMELINE_LIMIT = 500;

/**
 * A person at a Matrix client, of any homeserver: small enough to read, true enough to hold what tests ask
 * (a picture of every room from `/sync` alone).
 */
export class MatrixClient {
  readonly userId: string;
  readonly accessToken: string;
  readonly http: HttpSession;
  readonly rooms = new Map<string, RoomPicture>();
  readonly invites = new Map<string, readonly ClientEvent[]>();
  readonly left = new Set<string>();
  #since: string | undefined;
  #transactions = 0;

  constructor(baseUrl: string, session: { readonly userId: string; readonly accessToken: string }) {
    this.userId = session.userId;
    this.accessToken = session.accessToken;
    this.http = new HttpSession(baseUrl, session.accessToken);
  }

  static async register(
    baseUrl: string,
    username: string,
    password: string,
  ): Promise<MatrixClient> {
    const answer = await new HttpSession(baseUrl).request<SessionAnswer>(
      'POST',
      '/_matrix/client/v3/register',
      { username, password, auth: { type: 'm.login.dummy' } },
    );
    return new MatrixClient(baseUrl, { userId: answer.user_id, accessToken: answer.access_token });
  }

  static async logIn(baseUrl: string, user: string, password: string): Promise<MatrixClient> {
    const answer = await new HttpSession(baseUrl).request<SessionAnswer>(
      'POST',
      '/_matrix/client/v3/login',
      { type: 'm.login.password', identifier: { type: 'm.id.user', user }, password },
    );
    return new MatrixClient(baseUrl, { userId: answer.user_id, accessToken: answer.access_token });
  }

  async createRoom(request: object): Promise<string> {
    const { room_id } = await this.#post<{ room_id: string }>('/createRoom', request);
    return room_id;
  }

  async join(roomIdOrAlias: string, via: readonly string[] = []): Promise<string> {
    const query = via.map((server) => `via=${encodeURIComponent(server)}`).join('&');
    const path = `/join/${encodeURIComponent(roomIdOrAlias)}${query && `?${query}`}`;
    const { room_id } = await this.#post<{ room_id: string }>(path, {});
    return room_id;
  }

  async invite(roomId: string, userId: string): Promise<void> {
    await this.#post(`/rooms/${encodeURIComponent(roomId)}/invite`, { user_id: userId });
  }

  async leave(roomId: string): Promise<void> {
    await this.#post(`/rooms/${encodeURIComponent(roomId)}/leave`, {});
  }

  async sendText(roomId: string, body: string): Promise<string> {
    return this.send(roomId, 'm.room.message', { msgtype: 'm.text', body });
  }

  async send(roomId: string, type: string, content: object): Promise<string> {
    this.#transactions += 1;
    const room = encodeURIComponent(roomId);
    const { event_id } = await this.http.request<{ event_id: string }>(
      'PUT',
      `/_matrix/client/v3/rooms/${room}/send/${encodeURIComponent(type)}/t${this.#transactions}`,
      content,
    );
    return event_id;
  }

  async setState(roomId: string, type: string, content: object, stateKey = ''): Promise<string> {
    const path = [roomId, 'state', type, stateKey].map(encodeURIComponent).join('/');
    const { event_id } = await this.http.request<{ event_id: string }>(
      'PUT',
      `/_matrix/client/v3/rooms/${path}`,
      content,
    );
    return event_id;
  }

  /** The room's current state as the server has it, sorted by type and key: comparable between servers. */
  async state(roomId: string): Promise<readonly ClientEvent[]> {
    const events = await this.http.request<ClientEvent[]>(
      'GET',
      `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/state`,
    );
    const keyOf = ({ type, state_key }: ClientEvent) => `${type}\n${state_key}`;
    return events.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }

  room(roomId: string): RoomPicture {
    const known = this.rooms.get(roomId);
    if (known) return known;
    const room = new RoomPicture();
    this.rooms.set(roomId, room);
    return room;
  }

  /** Syncs until the picture satisfies `condition`; the caller bounds the wait by `deadline`. */
  async until(condition: (client: this) => boolean, deadline: Deadline): Promise<void> {
    await this.syncOnce(0, deadline.signal);
    while (!condition(this)) {
      if (deadline.signal.aborted) throw new Error(`${this.userId} never saw ${deadline.what}`);
      await this.syncOnce(SYNC_TIMEOUT_MS, deadline.signal).catch((error: unknown) => {
        if (!deadline.signal.aborted) throw error;
      });
    }
  }

  async syncOnce(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const query = new URLSearchParams({
      timeout: String(timeoutMs),
      filter: JSON.stringify({ room: { timeline: { limit: TIMELINE_LIMIT } } }),
      ...(this.#since === undefined ? {} : { since: this.#since }),
    });
    const path = `/_matrix/client/v3/sync?${query.toString()}`;
    const answer = await this.http.request<SyncAnswer>('GET', path, undefined, signal);
    this.#apply(answer);
    this.#since = answer.next_batch;
  }

  #apply({ rooms }: SyncAnswer): void {
    for (const [roomId, section] of Object.entries(rooms?.join ?? {})) {
      this.invites.delete(roomId);
      this.left.delete(roomId);
      this.room(roomId).apply(section);
    }
    for (const [roomId, section] of Object.entries(rooms?.invite ?? {})) {
      this.invites.set(roomId, section.invite_state.events);
    }
    for (const [roomId, section] of Object.entries(rooms?.leave ?? {})) {
      this.invites.delete(roomId);
      this.left.add(roomId);
      this.room(roomId).apply(section);
    }
  }

  #post<Answer = unknown>(path: string, body: object): Promise<Answer> {
    return this.http.request<Answer>('POST', `/_matrix/client/v3${path}`, body);
  }
}

/** What is waited for, in words for the failure, and until when. */
export interface Deadline {
  readonly what: string;
  readonly signal: AbortSignal;
}

interface SessionAnswer {
  readonly user_id: string;
  readonly access_token: string;
}
