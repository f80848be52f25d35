import {
  domainOf,
  serverOf,
  type JsonObject,
  type RoomAlias,
  type RoomId,
  type ServerName,
  type UserId,
} from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';
import type { ResolveAlias } from '../directory/resolve-alias.ts';
import type { JoinIntent } from '../engine/intents.ts';
import type { RoomViews } from '../engine/room-views.ts';
import { memberProfile } from './member-profile.ts';

interface Ports {
  /** Joins, or knocks. */
  readonly enter: (intent: JoinIntent) => Promise<RoomId>;
  readonly views: Pick<RoomViews, 'membershipsOf'>;
  readonly accounts: Pick<AccountReader, 'findProfile'>;
  readonly resolveAlias: ResolveAlias;
  readonly serverName: ServerName;
}

interface Entry {
  readonly userId: UserId;
  readonly via?: readonly ServerName[];
  readonly content: JsonObject;
}

/** Joining rooms, or knocking at them, by what people have in hand, with every server that might let them in. */
export class EnterRooms {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async byAlias(entry: Entry & { readonly alias: RoomAlias }): Promise<RoomId> {
    const { roomId, servers } = await this.#ports.resolveAlias(entry.alias);
    return this.byId({ ...entry, roomId, via: [...(entry.via ?? []), ...servers] });
  }

  async byId({
    userId,
    roomId,
    via = [],
    content,
  }: Entry & { readonly roomId: RoomId }): Promise<RoomId> {
    const { enter, accounts, serverName } = this.#ports;
    const candidates = [...via, ...(await this.#inviters(userId, roomId)), domainOf(roomId)];
    const servers = new Set(candidates.filter((server) => server !== undefined));
    servers.delete(serverName);
    return enter({
      roomId,
      userId,
      via: [...servers],
      content: { ...(await memberProfile(accounts, userId)), ...content },
    });
  }

  /** Who invited a user can also let the user in. */
  async #inviters(userId: UserId, roomId: RoomId): Promise<readonly ServerName[]> {
    const memberships = await this.#ports.views.membershipsOf(userId);
    return memberships
      .filter((membership) => membership.roomId === roomId && membership.membership === 'invite')
      .map(({ sender }) => serverOf(sender));
  }
}
