import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { RoomAlias, ServerName } from './brand.ts';
import { domainAfterColon, faultOfNamespacedId } from './namespaced-id.ts';

/** Source: appendices, "Room Aliases". */
export function parseRoomAlias(text: string): Parsed<RoomAlias> {
  const fault = faultOfNamespacedId(text, '#');
  return fault === undefined ? parsed(text as RoomAlias) : refused('ID-5.1', `room alias ${fault}`);
}

export function isRoomAlias(text: string): text is RoomAlias {
  return faultOfNamespacedId(text, '#') === undefined;
}

/** The server to ask which room an alias names. */
export function serverOfAlias(alias: RoomAlias): ServerName {
  return domainAfterColon(alias);
}
