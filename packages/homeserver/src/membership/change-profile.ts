import { member, type JsonObject, type RoomId, type UserId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { RoomEngine } from '../engine/room-engine.ts';
import type { RoomViews } from '../engine/room-views.ts';
import type { Log } from '../log.ts';

/** An empty string takes a field away. */
export type ChangeProfile = (
  userId: UserId,
  change: { readonly displayname?: string; readonly avatar_url?: string },
) => Promise<void>;

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly engine: Pick<RoomEngine, 'send'>;
  readonly views: Pick<RoomViews, 'currentState' | 'membershipsOf'>;
  readonly log: Log;
}

/** Members that are bound to one join and must not be carried into the next (server-server API, "Restricted rooms"). */
const OF_ONE_JOIN = new Set(['join_authorised_via_users_server', 'third_party_invite', 'reason']);

/** A changed profile is a new member event in each room of the user; one room that refuses it stops no other. */
export function createProfileChanger({ store, engine, views, log }: Ports): ChangeProfile {
  return async (userId, change) => {
    const before = await store.readers.accounts.findProfile(userId);
    const pick = (given: string | undefined, kept: string | undefined) =>
      given === undefined ? kept : given || undefined;
    const displayName = pick(change.displayname, before?.displayName);
    const avatarUrl = pick(change.avatar_url, before?.avatarUrl);
    await store.transact(({ accounts }) => {
      accounts.setProfile(userId, { displayName, avatarUrl });
    });
    const profile = {
      ...(displayName === undefined ? {} : { displayname: displayName }),
      ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }),
    };
    const memberships = await views.membershipsOf(userId);
    const joined = memberships.filter(({ membership }) => membership === 'join');
    await Promise.all(
      joined.map(({ roomId }) =>
        rejoin(roomId).catch((error: unknown) => {
          log.warn({ err: error, roomId, userId }, 'a room did not take a changed profile');
        }),
      ),
    );

    async function rejoin(roomId: RoomId): Promise<void> {
      const current = await (await views.currentState(roomId)).find('m.room.member', userId);
      const content = { ...withoutProfile(current?.content ?? {}), ...profile, membership: 'join' };
      await engine.send({
        roomId,
        sender: userId,
        type: 'm.room.member',
        stateKey: userId,
        content,
      });
    }
  };
}

function withoutProfile(content: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(content)
      .filter((key) => key !== 'displayname' && key !== 'avatar_url' && !OF_ONE_JOIN.has(key))
      .map((key) => [key, member(content, key) ?? null]),
  );
}
