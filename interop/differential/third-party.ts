import { createSigningKey, signJson, type JsonObject, type UserId } from '@hansa/protocol';
import { pick } from '@hansa/protocol/testing/seeded-random';
import type { Sketch } from './simulated-room.ts';

const IDENTITY_SERVER = 'id.example';
export const TOKENS = ['t0', 't1', 't2'] as const;
const keys = [1, 2, 3].map((byte) => createSigningKey(String(byte), new Uint8Array(32).fill(byte)));

/** An invite by address, of which an identity server is to tell: `m.room.third_party_invite`. */
export function promise(sender: UserId, token: string, random: () => number): Sketch {
  const { publicKey } = pick(keys, random);
  const another = { public_keys: [{ public_key: pick(keys, random).publicKey }] };
  return {
    type: 'm.room.third_party_invite',
    stateKey: token,
    sender,
    content: {
      display_name: 'somebody',
      key_validity_url: 'https://id.example/valid',
      public_key: publicKey,
      ...(random() < 0.5 ? another : {}),
    },
  };
}

/** The invite that follows from it, once the address is known to be the user's. */
export function redeem(
  sender: UserId,
  user: UserId,
  /** `mxid` and `token`, and signatures that it has already. */
  signed: JsonObject,
  random: () => number,
): Sketch {
  const proof = signJson(signed, IDENTITY_SERVER, pick(keys, random));
  const third_party_invite = { display_name: 'somebody', signed: proof };
  return {
    type: 'm.room.member',
    stateKey: user,
    sender,
    content: { membership: 'invite', third_party_invite },
  };
}
