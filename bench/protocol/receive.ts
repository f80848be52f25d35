import { Buffer } from 'node:buffer';
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import {
  canonicalJson,
  checkAuth,
  checkContentHash,
  decodeBase64,
  isObject,
  type JsonObject,
  member,
  parsePdu,
  redact,
  verifyEventSignatures,
} from '@hansa/protocol';
import { inProcess } from '../in-process.ts';
import type { Row } from '../row.ts';
import { pdusOf, type SampleRoom, sampleRoom } from './sample-room.ts';

export const receive: Row = {
  id: 'protocol/receive',
  title: 'verify and authorise an inbound PDU, from the bytes of its transaction on',
  operation: 'PDU',
  pairs: 25,
  goal: { says: 'at most 1.5× its unavoidable work', factor: 1.5 },
  prepare() {
    const room = sampleRoom();
    const operations = room.messages.length;
    return {
      ours: inProcess({ name: 'all checks', operations, run: () => receiveAll(room) }),
      reference: inProcess({
        name: 'parse, hash twice, verify',
        operations,
        run: unavoidableWork(room),
      }),
    };
  },
};

function receiveAll({
  transaction,
  rules,
  server,
  verifyKey,
  authEvents,
  create,
}: SampleRoom): void {
  for (const json of pdusOf(transaction)) {
    const pdu = parsePdu(json, rules);
    if (!pdu.ok) throw new Error(pdu.reason);
    const decisions = [
      verifyEventSignatures(pdu.value.json, rules, server, () => verifyKey),
      checkContentHash(pdu.value.json),
      checkAuth(pdu.value, rules, authEvents, create),
    ];
    for (const decision of decisions) if (!decision.ok) throw new Error(decision.reason);
  }
}

/**
 * What nobody can leave out, by the cheapest means there are: `JSON.parse`; writing and hashing what the content hash covers
 * and what the reference hash covers, which are in order already; and one verification.
 */
function unavoidableWork(room: SampleRoom): () => void {
  const body = Buffer.from(room.transaction);
  const key = publicKeyOf(room.verifyKey.publicKey);
  const covered = room.messages.map(({ json }) => coveredParts(json, room));
  return () => {
    JSON.parse(body.toString('utf8'));
    for (const { hashed, signed, signature } of covered) {
      hash('sha256', JSON.stringify(hashed), 'buffer');
      const signedBytes = Buffer.from(JSON.stringify(signed));
      hash('sha256', signedBytes, 'buffer');
      if (!verify(null, signedBytes, key, signature)) throw new Error('a sample does not verify');
    }
  };
}

interface CoveredParts {
  readonly hashed: JsonObject;
  readonly signed: JsonObject;
  readonly signature: Uint8Array;
}

function coveredParts(json: JsonObject, { rules, server, signingKey }: SampleRoom): CoveredParts {
  const { signatures, hashes: _hashes, ...hashed } = json;
  const { signatures: _signatures, ...signed } = redact(json, rules);
  const ofServer = isObject(signatures) ? member(signatures, server) : undefined;
  const text = isObject(ofServer) ? member(ofServer, signingKey.keyId) : undefined;
  const signature = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (signature === undefined) throw new Error('a sample without a signature');
  return { hashed: inOrder(hashed), signed: inOrder(signed), signature };
}

/** The same object with its keys in canonical order, as peers send it. */
function inOrder(json: JsonObject): JsonObject {
  return JSON.parse(canonicalJson(json)) as JsonObject;
}

function publicKeyOf(text: string): KeyObject {
  const x = Buffer.from(text, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
