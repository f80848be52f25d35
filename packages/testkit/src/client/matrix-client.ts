import type {
  ClientEvent,
  LoginResponse,
  StrippedStateEvent,
  SyncResponse,
  TimelinePage,
  UploadResponse,
} from '@hansa/protocol/wire';
import { ClientError } from './client-error.ts';
import type { WatchExchange } from './exchange.ts';
import { HttpSession, type FileAnswer } from './http-session.ts';
import { RoomPicture } from './room-picture.ts';

/** Of `/sync`, as the specification names them. */
export interface SyncQuery {
  readonly since?: string | undefined;
  readonly timeout?: number;
  /** JSON, or the id of a stored filter. */
  readonly filter?: object | string;
  readonly full_state?: boolean;
  readonly use_state_after?: boolean;
}

/** Of `/messages`, as the specification names them. */
export interface MessagesQuery {
  readonly dir: 'b' | 'f';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number;
  readonly filter?: object;
}

/** Of `/thumbnail`, as the specification names them. */
export interface ThumbnailQuery {
  readonly width: number;
  readonly height: number;
  readonly method?: 'crop' | 'scale';
  readonly animated?: boolean;
}

const SYNC_TIMEOUT_MS = 5_000;
const TIMELINE_LIMIT = 500;
const API = '/_matrix/client/v3';

/**
 * A person at a Matrix client, of any homeserver: small enough to read, true enough to hold what tests ask
 * (a picture of every room from `/sync` alone).
 */
export class MatrixClient {
  readonly userId: string;
  readonly deviceId: string;
  readonly accessToken: string;
  readonly http: HttpSession;
  readonly rooms = new Map<string, RoomPicture>();
  readonly invites = new Map<string, readonly StrippedStateEvent[]>();
  readonly knocks = new Map<string, readonly StrippedStateEvent[]>();
  readonly left = new Set<string>();
  #since: string | undefined;
  #transactions = 0;

  constructor(baseUrl: string, session: LoginResponse, watch?: WatchExchange) {
    this.userId = session.user_id;
    this.deviceId = session.device_id;
    this.accessToken = session.access_token;
    this.http = new HttpSession(baseUrl, session.access_token, watch);
  }

  static async register(
    baseUrl: string,
    username: string,
    password: string,
    watch?: WatchExchange,
  ): Promise<MatrixClient> {
    const request = { username, password, auth: { type: 'm.login.dummy' } };
    const nobody = new HttpSession(baseUrl, undefined, watch);
    const session = await nobody.request<LoginResponse>('POST', `${API}/register`, request);
    return new MatrixClient(baseUrl, session, watch);
  }

  static async logIn(
    baseUrl: string,
    user: string,
    password: string,
    watch?: WatchExchange,
  ): Promise<MatrixClient> {
    const identifier = { type: 'm.id.user', user };
    const request = { type: 'm.login.password', identifier, password };
    const nobody = new HttpSession(baseUrl, undefined, watch);
    const session = await nobody.request<LoginResponse>('POST', `${API}/login`, request);
    return new MatrixClient(baseUrl, session, watch);
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
    const path = `${API}/rooms/${room}/send/${encodeURIComponent(type)}/t${this.#transactions}`;
    return (await this.http.request<{ event_id: string }>('PUT', path, content)).event_id;
  }

  async setState(roomId: string, type: string, content: object, stateKey = ''): Promise<string> {
    const path = [roomId, 'state', type, stateKey].map(encodeURIComponent).join('/');
    const url = `${API}/rooms/${path}`;
    return (await this.http.request<{ event_id: string }>('PUT', url, content)).event_id;
  }

  async redact(roomId: string, eventId: string, reason?: string): Promise<string> {
    this.#transactions += 1;
    const path = [roomId, 'redact', eventId, `t${this.#transactions}`].map(encodeURIComponent);
    const url = `${API}/rooms/${path.join('/')}`;
    return (await this.http.request<{ event_id: string }>('PUT', url, { reason })).event_id;
  }

  /** Answers its address, `mxc://…`. */
  async upload(
    bytes: Uint8Array<ArrayBuffer>,
    { type, name }: { readonly type?: string; readonly name?: string } = {},
  ): Promise<string> {
    const path = `/_matrix/media/v3/upload${name === undefined ? '' : `?${queryText({ filename: name })}`}`;
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const { status, body } = await this.http.exchangeFile('POST', path, { bytes, headers });
    if (status > 299) throw new ClientError('upload', status, body);
    return (body as UploadResponse).content_uri;
  }

  /** The answer, whichever it is. */
  async download(mxc: string, headers: Readonly<Record<string, string>> = {}): Promise<FileAnswer> {
    const path = `/_matrix/client/v1/media/download/${mxc.slice('mxc://'.length)}`;
    return this.http.exchangeFile('GET', path, { headers });
  }

  /** Likewise. */
  async thumbnail(mxc: string, query: ThumbnailQuery): Promise<FileAnswer> {
    const path = `/_matrix/client/v1/media/thumbnail/${mxc.slice('mxc://'.length)}`;
    return this.http.exchangeFile('GET', `${path}?${queryText({ ...query })}`);
  }

  async messages(roomId: string, query: MessagesQuery): Promise<TimelinePage> {
    const path = `${API}/rooms/${encodeURIComponent(roomId)}/messages`;
    return this.http.request('GET', `${path}?${queryText({ ...query })}`);
  }

  /** The room's current state as the server has it, sorted by type and key: comparable between servers. */
  async state(roomId: string): Promise<readonly ClientEvent[]> {
    const path = `${API}/rooms/${encodeURIComponent(roomId)}/state`;
    const events = await this.http.request<readonly ClientEvent[]>('GET', path);
    const keyOf = ({ type, state_key }: ClientEvent) => `${type}\n${state_key}`;
    return events.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
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

  /** Goes on from where the picture is. */
  async syncOnce(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const filter = { room: { timeline: { limit: TIMELINE_LIMIT } } };
    const answer = await this.sync({ since: this.#since, timeout: timeoutMs, filter }, signal);
    this.#apply(answer);
    this.#since = answer.next_batch;
  }

  /** One answer, which the picture does not heed. */
  async sync(query: SyncQuery = {}, signal?: AbortSignal): Promise<SyncResponse> {
    const path = `${API}/sync?${queryText({ ...query })}`;
    return this.http.request<SyncResponse>('GET', path, undefined, signal);
  }

  #apply({ rooms }: SyncResponse): void {
    for (const [roomId, section] of Object.entries(rooms?.join ?? {})) {
      this.#forgetThreshold(roomId);
      this.left.delete(roomId);
      this.room(roomId).apply(section);
    }
    for (const [roomId, section] of Object.entries(rooms?.invite ?? {})) {
      this.knocks.delete(roomId);
      this.invites.set(roomId, section.invite_state.events);
    }
    for (const [roomId, section] of Object.entries(rooms?.knock ?? {})) {
      this.knocks.set(roomId, section.knock_state.events);
    }
    for (const [roomId, section] of Object.entries(rooms?.leave ?? {})) {
      this.#forgetThreshold(roomId);
      this.left.add(roomId);
      this.room(roomId).apply(section);
    }
  }

  #forgetThreshold(roomId: string): void {
    this.invites.delete(roomId);
    this.knocks.delete(roomId);
  }

  #post<Answer = unknown>(path: string, body: object): Promise<Answer> {
    return this.http.request<Answer>('POST', `${API}${path}`, body);
  }
}

/** What is waited for, in words for the failure, and until when. */
export interface Deadline {
  readonly what: string;
  readonly signal: AbortSignal;
}

/** What is undefined is left out; objects go as JSON. */
function queryText(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    search.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return search.toString();
}
