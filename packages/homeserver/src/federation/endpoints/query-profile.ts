import { member } from '@hansa/protocol';
import type { JsonObject, ServerName, UserId } from '@hansa/protocol';
import { AnyObject } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { MAX_PROFILE_CHARS } from '../../membership/profile-bounds.ts';
import { answerOf } from '../federation-http.ts';
import type { FederationHttp } from '../federation-http.ts';
import { withQuery } from '../request-path.ts';

const readAnswer = answerOf(AnyObject);

export interface RemoteProfile {
  readonly displayname?: string;
  readonly avatar_url?: string;
}

/** `GET /query/profile`, of the user's server; without what is longer than ours may be. Throws `M_NOT_FOUND` where it knows no such user. */
export async function queryProfile(
  http: FederationHttp,
  server: ServerName,
  userId: UserId,
  field?: keyof RemoteProfile,
): Promise<RemoteProfile> {
  const path = withQuery('/_matrix/federation/v1/query/profile', [
    ['user_id', userId],
    ...(field === undefined ? [] : ([['field', field]] as const)),
  ]);
  const answer = await http.find({ server, method: 'GET', path }, readAnswer);
  if (answer === undefined) throw notFound(`There is no user ${userId}.`);
  const displayname = readField(answer, 'displayname');
  const avatarUrl = readField(answer, 'avatar_url');
  return {
    ...(displayname === undefined ? {} : { displayname }),
    ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }),
  };
}

function readField(answer: JsonObject, field: keyof RemoteProfile): string | undefined {
  const value = member(answer, field);
  return typeof value === 'string' && value.length <= MAX_PROFILE_CHARS[field] ? value : undefined;
}
