import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { ServerName, UserId } from './brand.ts';
import { domainAfterColon, faultOfNamespacedId, localpartBeforeColon } from './namespaced-id.ts';

const LOCALPART = /^[a-z0-9._=/+-]+$/;
const PRINTABLE_ASCII = /^[!-~]+$/;

/**
 * Any user id that may stand in an event, historical ones among them: the localpart may be empty and
 * hold every code point but `:` and NUL. Source: appendices, "User Identifiers", "Historical User IDs".
 */
export function parseUserId(text: string): Parsed<UserId> {
  const fault = faultOfNamespacedId(text, '@');
  return fault === undefined ? parsed(text as UserId) : refused('ID-2.1', `user id ${fault}`);
}

export function isUserId(text: string): text is UserId {
  return faultOfNamespacedId(text, '@') === undefined;
}

/** Id of a new user of ours, by the strict grammar. */
export function createUserId(localpart: string, server: ServerName): Parsed<UserId> {
  if (!LOCALPART.test(localpart)) {
    return refused('ID-2.3', 'a localpart consists of a-z, 0-9 and ._=-/+, and is not empty');
  }
  return parseUserId(`@${localpart}:${server}`);
}

/**
 * Whether an id may be handed on outside of events, in device lists for instance: its localpart is not empty
 * and printable ASCII.
 */
export function isCompliantUserId(userId: UserId): boolean {
  return PRINTABLE_ASCII.test(localpartOf(userId));
}

export function serverOf(userId: UserId): ServerName {
  return domainAfterColon(userId);
}

export function localpartOf(userId: UserId): string {
  return localpartBeforeColon(userId);
}
