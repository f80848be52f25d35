import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, type JsonValue } from '@hansa/protocol';
import {
  deadline,
  ForeignMember,
  ForeignServer,
  TestCa,
  TestWorkspace,
  writeNetworkFiles,
  type FederationTarget,
  type ForeignAnswer,
  type MatrixClient,
} from '@hansa/testkit';
import { expect } from 'vitest';

export const OURS = 'harbour.example';
export const HOSTILE = 'hostile.example';
export const HONEST = 'honest.example';
/** Its key was valid until yesterday. */
export const EXPIRED = 'expired.example';
const DAY_MS = 86_400_000;
/** Where something of an event, or of a room, might be left behind. */
const TABLES = ['events', 'stage', 'rooms', 'oob_memberships', 'pending_joins', 'extremities'];

interface SiegeParts {
  readonly folder: string;
  readonly ours: TestWorkspace;
  readonly target: FederationTarget;
  readonly servers: ReadonlyMap<string, ForeignServer>;
  readonly ada: MatrixClient;
  readonly rooms: Siege['rooms'];
  readonly mallory: ForeignMember;
  readonly gale: ForeignMember;
}

/** A workspace with its rooms, and servers around it of which one is hostile. */
export class Siege implements AsyncDisposable {
  /** Where the workspace listens for other servers. */
  readonly target: FederationTarget;
  /** Of ours. */
  readonly ada: MatrixClient;
  /** One where mallory of the hostile server is, one where gale of the honest one is, one where nobody from outside is. */
  readonly rooms: { readonly shared: string; readonly honest: string; readonly closed: string };
  readonly mallory: ForeignMember;
  readonly gale: ForeignMember;
  readonly #parts: SiegeParts;

  private constructor(parts: SiegeParts) {
    this.#parts = parts;
    ({ target: this.target, ada: this.ada, rooms: this.rooms } = parts);
    ({ mallory: this.mallory, gale: this.gale } = parts);
  }

  static async begin(): Promise<Siege> {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-siege-'));
    const ca = await TestCa.create();
    const serverNames = [OURS, HOSTILE, HONEST, EXPIRED];
    const places = await writeNetworkFiles({ folder, serverNames, ca, logLevel: 'error' });
    const [target, ...others] = places;
    if (target === undefined) throw new Error('four were written');
    const servers = new Map<string, ForeignServer>();
    for (const { serverName, federationPort: port } of others) {
      servers.set(serverName, await ForeignServer.start({ serverName, port, ca }));
    }
    const expired = find(servers, EXPIRED);
    expired.published = { ...expired.published, validUntilTs: Date.now() - DAY_MS };
    const ours = await TestWorkspace.at(target);
    await ours.resume();
    const ada = await ours.register('ada');
    const rooms = {
      shared: await ada.createRoom({ preset: 'public_chat' }),
      honest: await ada.createRoom({ preset: 'public_chat' }),
      closed: await ada.createRoom({ preset: 'private_chat' }),
    };
    const mallory = await ForeignMember.join(find(servers, HOSTILE), target, {
      roomId: rooms.shared,
    });
    const local = { roomId: rooms.honest, localpart: 'gale' };
    const gale = await ForeignMember.join(find(servers, HONEST), target, local);
    return new Siege({ folder, ours, target, servers, ada, rooms, mallory, gale });
  }

  server(name: string): ForeignServer {
    return find(this.#parts.servers, name);
  }

  countRows(): Readonly<Record<string, number>> {
    const file = join(this.#parts.ours.folder, 'data', 'hansa.db');
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const counts = TABLES.map((table) => {
        const row = database.prepare(`SELECT count(*) AS n FROM ${table}`).get();
        return [table, Number(row?.['n'])] as const;
      });
      return Object.fromEntries(counts);
    } finally {
      database.close();
    }
  }

  /** What is answered to something that must leave nothing behind. */
  async withoutTrace(send: () => Promise<ForeignAnswer>): Promise<ForeignAnswer> {
    const before = this.countRows();
    const answer = await send();
    expect(this.countRows()).toEqual(before);
    await this.expectUndisturbed();
    return answer;
  }

  /** What others say in other rooms is taken and shown, as ever. */
  async expectUndisturbed(): Promise<void> {
    const { ada, rooms } = this;
    const said = await this.gale.say(this.target, 'the honest go on');
    const own = await ada.sendText(rooms.closed, 'and so do we');
    const seen = (room: string) => ada.room(room).timeline.map(({ event_id: id }) => id);
    const areThere = () => seen(rooms.honest).includes(said) && seen(rooms.closed).includes(own);
    await ada.until(areThere, deadline('what others said'));
  }

  /** A request of the hostile server as it is: `body` is what is signed, and sent where there is no `text`. */
  attack(
    method: string,
    path: string,
    sent: { readonly body?: JsonValue; readonly text?: string | Uint8Array } = {},
  ): Promise<ForeignAnswer> {
    const server = this.server(HOSTILE);
    const authorization = server.authorize(OURS, { method, path }, sent.body);
    const text = sent.text ?? (sent.body === undefined ? undefined : canonicalJson(sent.body));
    const body = text === undefined ? {} : { body: text };
    return server.request(this.target, { method, path, headers: { authorization }, ...body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.ours.stop();
    for (const server of this.#parts.servers.values()) await server[Symbol.asyncDispose]();
    await rm(this.#parts.folder, { recursive: true, force: true });
  }
}

function find(servers: ReadonlyMap<string, ForeignServer>, name: string): ForeignServer {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`${name} was not started`);
  return server;
}
