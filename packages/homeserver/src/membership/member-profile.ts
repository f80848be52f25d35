import type { JsonObject, UserId } from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';

/** What a member event carries of a local user's profile. */
export async function memberProfile(
  accounts: Pick<AccountReader, 'findProfile'>,
  userId: UserId,
): Promise<JsonObject> {
  const profile = await accounts.findProfile(userId);
  return {
    ...(profile?.displayName === undefined ? {} : { displayname: profile.displayName }),
    ...(profile?.avatarUrl === undefined ? {} : { avatar_url: profile.avatarUrl }),
  };
}
