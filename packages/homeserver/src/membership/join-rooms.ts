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
import type { RoomEngine } from '../engine/room-engine.ts';
import type { RoomViews } from '../engine/room-views.ts';
import { memberProfile } from './member-profile.ts';

interface Ports {
  readonly engine: Pick<RoomEngine, 'join'>;
  readonly views: Pick<RoomViews, 'membershipsOf'>;
  readonly accounts: Pick<AccountReader, 'findProfile'>;
  readonly resolveAlias: ResolveAlias;
  readonly serverName: ServerName;
}

interface Join {
  readonly userId: UserId;
  readonly via?: readonly ServerName[];
  readonly content: JsonObject;
}

/** Joining rooms by what people have in hand, with every server that might let them in. */
export class JoinRooms {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async byAlias(join: Join & { readonly alias: RoomAlias }): Promise<RoomId> {
    const { roomId, servers } = await this.#ports.resolveAlias(join.alias);
    return this.byId({ ...join, roomId, via: [...(join.via ?? []), ...servers] });
  }

  async byId({
    userId,
    roomId,
    via = [],
    content,
  }: Join & { readonly roomId: RoomId }): Promise<RoomId> {
    const { engine, accounts, serverName } = this.#ports;
    const candidates = [...via, ...(await this.#inviters(userId, roomId)), domainOf(roomId)];
    const servers = new Set(candidates.filter((server) => server !== undefined));
    servers.delete(serverName);
    return engine.join({
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
