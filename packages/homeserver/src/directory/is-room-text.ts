import { parseMxcUri, parseRoomAlias, type JsonValue } from '@hansa/protocol';

/**
 * Whether a text may stand in that field of a directory's entry. What a room or another server says there is anybody's
 * word: an address that is none is left out, so that clients can read the rest.
 */
export function isRoomText(field: string, value: JsonValue | undefined): value is string {
  if (typeof value !== 'string') return false;
  if (field === 'avatar_url') return parseMxcUri(value).ok;
  if (field === 'canonical_alias') return parseRoomAlias(value).ok;
  return true;
}
