import { serverOf, type ServerName, type UserId } from '@hansa/protocol';
import type { Profile } from '@hansa/protocol/wire';
import type { AccountReader } from '@hansa/storage';
import { notFound } from '../../matrix-error.ts';

export type FindProfile = (userId: UserId) => Promise<Profile>;

interface Ports {
  readonly accounts: Pick<AccountReader, 'findProfile'>;
  readonly queryProfile: (server: ServerName, userId: UserId) => Promise<Profile>;
  readonly serverName: ServerName;
}

/** Profiles of our users from our table, of others from their servers. Throws `M_NOT_FOUND` where there is none. */
export function createProfileSource({ accounts, queryProfile, serverName }: Ports): FindProfile {
  return async (userId) => {
    const server = serverOf(userId);
    if (server !== serverName) return queryProfile(server, userId);
    const profile = await accounts.findProfile(userId);
    if (profile === undefined) throw notFound(`There is no user ${userId}.`);
    return {
      ...(profile.displayName === undefined ? {} : { displayname: profile.displayName }),
      ...(profile.avatarUrl === undefined ? {} : { avatar_url: profile.avatarUrl }),
    };
  };
}
