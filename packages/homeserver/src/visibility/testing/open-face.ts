import type { DeviceId, JsonObject, ServerName, UserId } from '@hansa/protocol';
import type { FastifyInstance } from 'fastify';
import { getContext } from '../../client-api/events/get-context.ts';
import { getEvent } from '../../client-api/events/get-event.ts';
import { getStateEvent } from '../../client-api/events/get-state-event.ts';
import { listState } from '../../client-api/events/list-state.ts';
import { messages } from '../../client-api/events/messages.ts';
import { joinedMembers } from '../../client-api/rooms/joined-members.ts';
import { members } from '../../client-api/rooms/members.ts';
import { syncRoute } from '../../client-api/sync/sync.ts';
import { ManualTime } from '../../engine/testing/manual-time.ts';
import type { TestServer } from '../../engine/testing/test-server.ts';
import { Typing } from '../../ephemeral/index.ts';
import { federationRoutes } from '../../federation-api/federation-routes.ts';
import { stubPorts } from '../../federation-api/testing/stub-ports.ts';
import { createApp } from '../../http/index.ts';
import { Sync } from '../../sync/sync.ts';

export interface FaceAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** The HTTP face of an engine, to which everybody is who they say. */
export class OpenFace {
  readonly #app: FastifyInstance;
  readonly #incarnation: string;

  constructor(server: TestServer) {
    const { views, engine, store, advances } = server;
    const time = new ManualTime();
    const { incarnation } = store;
    this.#incarnation = incarnation;
    const ports = { views, engine, clock: time, incarnation };
    const sync = new Sync({
      ...ports,
      receipts: store.readers.receipts,
      typing: new Typing({ clock: time, timers: time, onChange() {} }),
      advances,
      timers: time,
    });
    this.#app = createApp({
      routes: [
        messages(ports),
        getContext(ports),
        getEvent(ports),
        listState(ports),
        ...getStateEvent(ports),
        members(ports),
        joinedMembers(ports),
        syncRoute({ sync, accounts: store.readers.accounts }),
        ...federationRoutes({ ...stubPorts({}), engine, views }),
      ],
      authenticators: {
        token: async (token) => ({ userId: token as UserId, deviceId: 'D' as DeviceId }),
        federation: async ({ authorization }) => authorization as ServerName,
      },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  }

  /** A place in the stream, whether we gave it out or not. */
  token(position: number): string {
    return `h1_${this.#incarnation}_${position}`;
  }

  /** `GET` below the client API. */
  async asUser(userId: UserId, path: string): Promise<FaceAnswer> {
    return this.#ask('GET', `/_matrix/client/v3/${path}`, `Bearer ${userId}`);
  }

  /** Below version 1 of the federation API: `POST` where there is a body. */
  async asServer(server: ServerName, path: string, body?: JsonObject): Promise<FaceAnswer> {
    const method = body === undefined ? 'GET' : 'POST';
    return this.#ask(method, `/_matrix/federation/v1/${path}`, server, body);
  }

  close(): Promise<void> {
    return this.#app.close();
  }

  async #ask(
    method: 'GET' | 'POST',
    url: string,
    authorization: string,
    body?: JsonObject,
  ): Promise<FaceAnswer> {
    const headers = { authorization };
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const { statusCode, payload: text } = await this.#app.inject({
      method,
      url,
      headers,
      ...payload,
    });
    return { status: statusCode, body: JSON.parse(text) as JsonObject };
  }
}
