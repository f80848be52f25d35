import { createHash, createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from './canonical-json.ts';

/** What redaction keeps of an event from room version 11 on, without its signatures. */
const KEPT: ReadonlySet<string> = new Set([
  'event_id',
  'type',
  'room_id',
  'sender',
  'state_key',
  'content',
  'hashes',
  'depth',
  'prev_events',
  'auth_events',
  'origin_server_ts',
]);

/** What redaction keeps of a content; `create` keeps all of it, and what is not named nothing. */
const KEPT_OF_CONTENT: ReadonlyMap<string, readonly string[]> = new Map([
  ['m.room.member', ['membership', 'join_authorised_via_users_server']],
  ['m.room.join_rules', ['join_rule', 'allow']],
  [
    'm.room.power_levels',
    [
      'ban',
      'events',
      'events_default',
      'invite',
      'kick',
      'redact',
      'state_default',
      'users',
      'users_default',
    ],
  ],
  ['m.room.history_visibility', ['history_visibility']],
]);

/** Of the public and of the private form of a raw ed25519 key (RFC 8410). */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export const KEY_ID = 'ed25519:1';

export interface FloorKey {
  readonly privateKey: KeyObject;
  /** Unpadded Base64. */
  readonly publicKey: string;
}

/** The key that a name always gives. */
export function floorKey(name: string): FloorKey {
  const seed = createHash('sha256').update(name).digest();
  const der = Buffer.concat([PRIVATE_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: unpadded(spki.subarray(PUBLIC_PREFIX.length)) };
}

export interface SignedEvent {
  readonly eventId: string;
  /** Canonical. */
  readonly json: string;
}

/** An event without its hash and signature becomes one that other servers take. */
export function hashAndSign(event: JsonObject, server: string, key: FloorKey): SignedEvent {
  const hashed = { ...event, hashes: { sha256: contentHash(event) } };
  const bytes = Buffer.from(canonicalJson(redacted(hashed)));
  const signature = unpadded(sign(null, bytes, key.privateKey));
  const signed = { ...hashed, signatures: { [server]: { [KEY_ID]: signature } } };
  return { eventId: referenceHash(bytes), json: canonicalJson(signed) };
}

export function publicKeyOf(unpaddedBase64: string): KeyObject {
  const der = Buffer.concat([PUBLIC_PREFIX, Buffer.from(unpaddedBase64, 'base64')]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/**
 * The event's id where its content hash and its signature by the server hold, in the room versions that name events by
 * their hash in URL-safe Base64; else why they do not.
 */
export function checkEvent(
  event: JsonObject,
  server: string,
  keys: Readonly<Record<string, KeyObject>>,
): { readonly eventId: string } | { readonly fault: string } {
  const { hashes, signatures } = event as {
    readonly hashes?: { readonly sha256?: string };
    readonly signatures?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  if (hashes?.sha256 !== contentHash(event)) return { fault: 'its content hash is wrong' };
  const bytes = Buffer.from(canonicalJson(redacted(event)));
  const [keyId, signature] = Object.entries(signatures?.[server] ?? {})[0] ?? [];
  const key = keyId === undefined ? undefined : keys[keyId];
  if (key === undefined || signature === undefined) return { fault: `${server} did not sign it` };
  return verify(null, bytes, key, Buffer.from(signature, 'base64'))
    ? { eventId: referenceHash(bytes) }
    : { fault: `its signature by ${server} is wrong` };
}

function contentHash(event: JsonObject): string {
  const { signatures: _signatures, unsigned: _unsigned, hashes: _hashes, ...rest } = event;
  return unpadded(hash('sha256', canonicalJson(rest), 'buffer'));
}

function referenceHash(redactedBytes: Uint8Array): string {
  return `$${hash('sha256', redactedBytes, 'base64url')}`;
}

function redacted(event: JsonObject): JsonObject {
  const kept = Object.entries(event).filter(([name]) => KEPT.has(name));
  return { ...Object.fromEntries(kept), content: redactedContent(event) };
}

function redactedContent({ type, content = {} }: JsonObject): Json {
  if (type === 'm.room.create') return content;
  const kept = typeof type === 'string' ? KEPT_OF_CONTENT.get(type) : undefined;
  if (kept === undefined) return {};
  return Object.fromEntries(
    Object.entries(content as JsonObject).filter(([name]) => kept.includes(name)),
  );
}

export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
