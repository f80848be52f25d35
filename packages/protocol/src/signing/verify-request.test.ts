import { describe, expect, it } from 'vitest';
import type { ServerName } from '../identifiers/brand.ts';
import { parseJson } from '../json/parse.ts';
import type { JsonValue } from '../json/value.ts';
import { testKey } from '../testing/test-keys.ts';
import type { FederationRequest } from './request-json.ts';
import { signJson } from './sign-json.ts';
import { signRequest } from './sign-request.ts';
import { verifyRequest } from './verify-request.ts';
import { parseAuthorization } from './x-matrix.ts';
import type { XMatrix } from './x-matrix.ts';

const { signing, verify } = testKey('key1');

const request: FederationRequest = {
  method: 'PUT',
  uri: '/_matrix/federation/v1/send/1?a=%2Fb&c=%20',
  origin: 'origin.example' as ServerName,
  destination: 'destination.example' as ServerName,
  content: { pdus: [], edus: [{ type: 'é' }] },
};

function authorizationOf(signed: FederationRequest): XMatrix {
  const authorization = parseAuthorization(signRequest(signed, signing));
  if (!authorization.ok) throw new Error(authorization.reason);
  return authorization.value;
}

describe('signed requests', () => {
  const authorization = authorizationOf(request);

  it('[XM-9] verify', () => {
    expect(verifyRequest(request, authorization, verify)).toEqual({ ok: true });
  });

  it.each<[string, Partial<FederationRequest>]>([
    ['method', { method: 'POST' }],
    ['path', { uri: '/_matrix/federation/v1/send/2?a=%2Fb&c=%20' }],
    ['query', { uri: '/_matrix/federation/v1/send/1?a=%2Fb' }],
    ['percent-encoding', { uri: '/_matrix/federation/v1/send/1?a=/b&c=%20' }],
    ['case of the percent-encoding', { uri: '/_matrix/federation/v1/send/1?a=%2fb&c=%20' }],
    ['content', { content: { pdus: [], edus: [] } }],
  ])('[XM-9] do not verify with another %s', (_name, change) => {
    expect(verifyRequest({ ...request, ...change }, authorization, verify)).toMatchObject({
      ok: false,
      rule: 'XM-9',
    });
  });

  it('[XM-9] do not verify for another origin or with another key', () => {
    const stolen = { ...authorization, origin: 'other.example' as ServerName };
    expect(verifyRequest(request, stolen, verify).ok).toBe(false);
    expect(verifyRequest(request, authorization, testKey('key1', 2).verify).ok).toBe(false);
  });

  it('[XM-7] are refused when they were meant for another server', () => {
    const elsewhere = { ...request, destination: 'other.example' as ServerName };
    expect(verifyRequest(request, authorizationOf(elsewhere), verify)).toMatchObject({
      ok: false,
      rule: 'XM-7',
      reason: 'Authorization: destination: not this server',
    });
  });

  it('[XM-7] may leave the destination out of the header, but not out of what they sign', () => {
    const silent = { ...authorization, destination: undefined };
    expect(verifyRequest(request, silent, verify)).toEqual({ ok: true });
    const other = { ...request, destination: 'other.example' as ServerName };
    expect(verifyRequest(other, silent, verify)).toMatchObject({ ok: false, rule: 'XM-9' });
  });

  it.each([
    ['another algorithm', { key: 'rsa:1' }, 'key: '],
    ['a signature that is no Base64', { sig: 'a b' }, 'sig: '],
  ])('[XM-8] are refused with %s', (_name, change, field) => {
    const changed = { ...authorization, ...change } as XMatrix;
    expect(verifyRequest(request, changed, verify)).toMatchObject({
      ok: false,
      rule: 'XM-8',
      reason: expect.stringContaining(field),
    });
  });

  it('[XM-10] without a body have no content, which is not the same as an empty one', () => {
    const { content: _content, ...bodiless } = request;
    const header = authorizationOf(bodiless);
    expect(verifyRequest(bodiless, header, verify)).toEqual({ ok: true });
    for (const content of [null, {}, ''] satisfies JsonValue[]) {
      expect(verifyRequest({ ...bodiless, content }, header, verify).ok).toBe(false);
    }
    const { signatures } = signJson(
      {
        method: request.method,
        uri: request.uri,
        origin: request.origin,
        destination: request.destination,
      },
      request.origin,
      signing,
    );
    expect(signatures).toEqual({ 'origin.example': { 'ed25519:key1': header.sig } });
  });

  it('[XM-9] verify with numbers as the sender wrote them', () => {
    const content = parseJson('{"a":[1.0,1e-05,-0,12345678901234567890]}');
    if (!content.ok) throw new Error(content.reason);
    const signed = { ...request, content: content.value };
    expect(verifyRequest(signed, authorizationOf(signed), verify)).toEqual({ ok: true });
    const rounded = { ...request, content: { a: [1, 0, 0, 0] } };
    expect(verifyRequest(rounded, authorizationOf(signed), verify).ok).toBe(false);
  });
});
