import type { ServerName } from '@hansa/protocol';
import type { AccountReader, Profile } from '@hansa/storage';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { localUser } from '../local-user.ts';

const FIELDS = ['displayname', 'avatar_url'];

/** `GET /query/profile`, of our users. A field that is not set is left out; one that does not exist is 404. */
export function queryProfile(ports: {
  readonly accounts: Pick<AccountReader, 'findProfile'>;
  readonly serverName: ServerName;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/query/profile',
    auth: 'federation',
    query: Type.Object({
      user_id: Type.String({ maxLength: 255 }),
      field: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    handler: async ({ query: { user_id: userId, field } }) => {
      const profile = await ports.accounts.findProfile(
        localUser('user_id', userId, ports.serverName),
      );
      if (profile === undefined) throw notFound('There is no such user.');
      if (field === undefined) return fieldsOf(profile, FIELDS);
      if (!FIELDS.includes(field)) throw notFound('There is no such field.');
      return fieldsOf(profile, [field]);
    },
  });
}

function fieldsOf(profile: Profile, wanted: readonly string[]): object {
  const fields = [
    ['displayname', profile.displayName],
    ['avatar_url', profile.avatarUrl],
  ] as const;
  return Object.fromEntries(
    fields.filter(([name, value]) => value !== undefined && wanted.includes(name)),
  );
}
