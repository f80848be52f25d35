import type { RoomId, ServerName } from '@hansa/protocol';
import type { RoomSummary, RoomViews } from '../engine/room-views.ts';
import { forbidden, notFound } from '../matrix-error.ts';
import { ServerAcls } from '../engine/server-acls.ts';

type Views = Pick<RoomViews, 'findRoom' | 'currentState' | 'joinedServers'>;

/** Which servers may ask for what of a room. Source: server-server API, "Server Access Control Lists". */
export class ServerAccess {
  readonly #views: Views;
  readonly #acls = new ServerAcls();

  constructor(views: Views) {
    this.#views = views;
  }

  /** A room that we are in, and that lets the server take part. Throws `M_NOT_FOUND` or `M_FORBIDDEN`. */
  async requireAllowed(roomId: RoomId, server: ServerName): Promise<RoomSummary> {
    const room = await this.#views.findRoom(roomId);
    if (room?.residence !== 'joined') throw notFound('This server is not in the room.');
    await this.#requireByAcl(roomId, server);
    return room;
  }

  /** The same, as an answer. */
  async allows(roomId: RoomId, server: ServerName): Promise<boolean> {
    const room = await this.#views.findRoom(roomId);
    return room?.residence === 'joined' && (await this.#aclAllows(roomId, server));
  }

  /** The same, where we may know nothing of the room. */
  async requireNotDenied(roomId: RoomId, server: ServerName): Promise<void> {
    const room = await this.#views.findRoom(roomId);
    if (room?.residence === 'joined') await this.#requireByAcl(roomId, server);
  }

  /**
   * A room whose history the server may ask for: it is in there, too. Where we have left, it was when we did: what we said
   * last may stand on what nobody else has.
   */
  async requireResident(roomId: RoomId, server: ServerName): Promise<RoomSummary> {
    const room = await this.#views.findRoom(roomId);
    if (room === undefined) throw notFound('This server is not in the room.');
    await this.#requireByAcl(roomId, server);
    const residents = await this.#views.joinedServers(roomId);
    if (!residents.includes(server)) throw forbidden('Your server is not in the room.');
    return room;
  }

  async #requireByAcl(roomId: RoomId, server: ServerName): Promise<void> {
    if (!(await this.#aclAllows(roomId, server))) throw forbidden('The room denies your server.');
  }

  async #aclAllows(roomId: RoomId, server: ServerName): Promise<boolean> {
    const state = await this.#views.currentState(roomId);
    return this.#acls.allows(await state.find('m.room.server_acl', ''), server);
  }
}
