import { createSigningKey, parseVerifyKey, signRequest, type ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import {
  createHeaderCheck,
  createRequestAuthenticator,
} from '../federation/keys/request-authenticator.ts';
import { createApp } from '../http/index.ts';
import { federationRoutes } from './federation-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { operations } from './testing/specification.ts';
import { OURS, stubPorts } from './testing/stub-ports.ts';

const THEIRS = 'theirs.test' as ServerName;
const keyOf = (fill: number) => createSigningKey('a', new Uint8Array(32).fill(fill));
const routes = federationRoutes(stubPorts({}));
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method} ${path}`;

describe('routes between servers', () => {
  it('are in the table, those that the list names as public', () => {
    const open = routes.filter(({ auth }) => auth === 'none').map(nameOf);
    expect(new Set(open)).toEqual(PUBLIC_ROUTES);
    expect(routes.filter(({ auth }) => auth === 'token')).toEqual([]);
  });

  it.each(
    routes
      .filter((route) => !PUBLIC_ROUTES.has(nameOf(route)))
      .map((route) => [nameOf(route), route]),
  )('[SEC-18] refuse unsigned calls: %s', async (_name, { method, path }) => {
    const app = createApp({
      routes,
      authenticators: { federation: () => Promise.reject(new Error('nobody signed')) },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    const payload = method === 'GET' ? {} : { payload: '{' };
    const answer = await app.inject({ method, url, ...payload });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ errcode: 'M_UNAUTHORIZED' });
  });

  it.each(
    routes
      .filter((route) => !PUBLIC_ROUTES.has(nameOf(route)))
      .map((route) => [nameOf(route), route]),
  )('[SEC-18] refuse what another key has signed: %s', async (_name, { method, path }) => {
    const key = parseVerifyKey(keyOf(1).publicKey);
    if (!key.ok) throw new Error(key.reason);
    const ports = {
      serverName: OURS,
      keyRing: { findRequestKey: async () => key },
      requireDestination: false,
    };
    const app = createApp({
      routes,
      authenticators: {
        federation: createRequestAuthenticator(ports),
        federationHeader: createHeaderCheck(ports),
      },
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    const content = method === 'GET' ? {} : { content: {} };
    const signed = { method, uri: url, origin: THEIRS, destination: OURS, ...content };
    const answers = [keyOf(1), keyOf(2)].map(async (signer) => {
      const headers = { authorization: signRequest(signed, signer) };
      const payload = method === 'GET' ? {} : { payload: '{}' };
      return (await app.inject({ method, url, headers, ...payload })).statusCode;
    });
    const [byTheirs, byAnother] = await Promise.all(answers);
    expect(byTheirs).not.toBe(401);
    expect(byAnother).toBe(401);
  });

  it.skipIf(operations === undefined)(
    'are public where the specification says so, and nowhere else',
    () => {
      expect(operations).toHaveLength(36);
      const byName = new Map(operations?.map((operation) => [nameOf(operation), operation]));
      for (const route of routes) {
        const security = byName.get(nameOf(route))?.security;
        expect([nameOf(route), security]).toEqual([
          nameOf(route),
          PUBLIC_ROUTES.has(nameOf(route)) ? [] : ['signedRequest'],
        ]);
      }
    },
  );
});
