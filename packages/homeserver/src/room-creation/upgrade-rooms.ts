import {
  isRoomId,
  member,
  type JsonObject,
  type RoomAlias,
  type RoomId,
  type RoomVersionRules,
  type UserId,
} from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { MAX_ALIASES } from '../directory/alias-reservations.ts';
import { withoutAlias } from '../directory/unlist-alias.ts';
import type { RoomEngine } from '../engine/room-engine.ts';
import type { RoomViews } from '../engine/room-views.ts';
import type { Log } from '../log.ts';
import { forbidden } from '../matrix-error.ts';
import { maySendState } from '../membership/may-send-state.ts';
import { memberProfile } from '../membership/member-profile.ts';
import { rethrowInvalidState } from './invalid-first-state.ts';
import { planReplacement } from './plan-replacement.ts';
import { retiredLevels } from './replacement-levels.ts';

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly engine: Pick<RoomEngine, 'createRoom' | 'send'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom' | 'timeline'>;
  readonly log: Log;
}

export interface Upgrade {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly rules: RoomVersionRules;
  readonly additionalCreators: readonly UserId[];
}

const TOMBSTONE = 'm.room.tombstone';

/** Replacing rooms by such of another version. Source: client-server API, "Room Upgrades". */
export class UpgradeRooms {
  readonly #ports: Ports;
  /** One of a room at a time. */
  readonly #underWay = new Map<RoomId, Promise<unknown>>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * The new room. Asked again by the same user, it is the one that there is.
   * @throws MatrixError `M_FORBIDDEN`, `M_INVALID_ROOM_STATE`
   */
  async upgrade(upgrade: Upgrade): Promise<RoomId> {
    const { roomId } = upgrade;
    const before = this.#underWay.get(roomId);
    // How that one ended is told to who began it.
    const run = Promise.resolve(before)
      .catch(() => {})
      .then(() => this.#upgradeOnce(upgrade));
    this.#underWay.set(roomId, run);
    try {
      return await run;
    } finally {
      if (this.#underWay.get(roomId) === run) this.#underWay.delete(roomId);
    }
  }

  async #upgradeOnce(upgrade: Upgrade): Promise<RoomId> {
    const { views, engine, store } = this.#ports;
    const { roomId, userId, rules, additionalCreators } = upgrade;
    const old = await views.findRoom(roomId);
    if (old === undefined || !(await this.#may(upgrade, TOMBSTONE))) {
      throw forbidden('You may not upgrade this room.');
    }
    const known = await this.#findReplacement(upgrade);
    if (known !== undefined) return known;
    const [last] = await views.timeline({
      roomId,
      direction: 'backward',
      from: Number.MAX_SAFE_INTEGER,
      limit: 1,
    });
    const plan = await planReplacement({
      rules,
      upgrader: userId,
      upgraderProfile: await memberProfile(store.readers.accounts, userId),
      additionalCreators,
      old,
      oldState: await views.currentState(roomId),
      lastEvent: last?.pdu,
    });
    const replacement = await engine.createRoom(plan).catch(rethrowInvalidState);
    await this.#setState(upgrade, TOMBSTONE, {
      body: 'This room has been replaced',
      replacement_room: replacement,
    });
    await this.#moveAddresses(upgrade, replacement);
    await this.#retire(upgrade);
    return replacement;
  }

  async #findReplacement({ roomId, userId, rules }: Upgrade): Promise<RoomId | undefined> {
    const { views } = this.#ports;
    const tombstone = await (await views.currentState(roomId)).find(TOMBSTONE, '');
    if (tombstone?.sender !== userId) return undefined;
    const replacement = member(tombstone.content, 'replacement_room');
    if (typeof replacement !== 'string' || !isRoomId(replacement)) return undefined;
    const room = await views.findRoom(replacement);
    return room?.rules.id === rules.id ? room.roomId : undefined;
  }

  /** Where the user may name the room: our aliases, its place in the directory, and what both rooms say of the first. */
  async #moveAddresses(upgrade: Upgrade, replacement: RoomId): Promise<void> {
    const { store, views } = this.#ports;
    const { roomId } = upgrade;
    const type = 'm.room.canonical_alias';
    if (!(await this.#may(upgrade, type))) return;
    const named = (await (await views.currentState(roomId)).find(type, ''))?.content;
    const moved = await this.#ourAliasesIn(named, roomId);
    await store.transact(({ directory }) => directory.moveRoom(roomId, replacement));
    if (named === undefined || moved.length === 0) return;
    const left = moved.reduce<JsonObject>(
      (kept, alias) => withoutAlias(kept, alias) ?? kept,
      named,
    );
    await this.#try(() => this.#setState(upgrade, type, left), roomId);
    const there = { ...upgrade, roomId: replacement };
    const isMain = moved.find((alias) => alias === member(named, 'alias'));
    const others = moved.filter((alias) => alias !== isMain);
    const content = {
      ...(isMain === undefined ? {} : { alias: isMain }),
      ...(others.length === 0 ? {} : { alt_aliases: others }),
    };
    await this.#try(() => this.#setState(there, type, content), replacement);
  }

  async #ourAliasesIn(
    named: JsonObject | undefined,
    roomId: RoomId,
  ): Promise<readonly RoomAlias[]> {
    if (named === undefined) return [];
    const { directory } = this.#ports.store.readers;
    const listed = await directory.listAliases(roomId, MAX_ALIASES);
    return listed.filter((alias) => withoutAlias(named, alias) !== undefined);
  }

  async #retire(upgrade: Upgrade): Promise<void> {
    const { views } = this.#ports;
    const type = 'm.room.power_levels';
    const levels = await (await views.currentState(upgrade.roomId)).find(type, '');
    const content = retiredLevels(levels?.content ?? {});
    if (levels === undefined || content === undefined || !(await this.#may(upgrade, type))) return;
    await this.#try(() => this.#setState(upgrade, type, content), upgrade.roomId);
  }

  #may({ roomId, userId }: Upgrade, type: string): Promise<boolean> {
    return maySendState(this.#ports.views, { roomId, userId, type });
  }

  async #setState({ roomId, userId }: Upgrade, type: string, content: JsonObject): Promise<void> {
    await this.#ports.engine.send({ roomId, sender: userId, type, stateKey: '', content });
  }

  /** The room is replaced by now; what else could be done to it is for its people to see. */
  async #try(step: () => Promise<void>, roomId: RoomId): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#ports.log.warn({ err: error, roomId }, 'an upgraded room did not take all changes');
    }
  }
}
