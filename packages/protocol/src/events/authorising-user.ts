import { member } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/**
 * What a member event gives as the user by whose power somebody joins a restricted room, in versions that know such
 * joins; `undefined` elsewhere. Source: client-server API, "Restricted rooms".
 */
export function authorisingUserOf(
  event: { readonly type: string; readonly content: JsonObject },
  rules: RoomVersionRules,
): JsonValue | undefined {
  if (!rules.auth.restricted || event.type !== 'm.room.member') return undefined;
  return member(event.content, 'join_authorised_via_users_server');
}
