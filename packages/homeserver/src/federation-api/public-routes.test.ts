import { describe, expect, it } from 'vitest';
import { createApp } from '../http/index.ts';
import { federationRoutes } from './federation-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { operations } from './testing/specification.ts';
import { stubPorts } from './testing/stub-ports.ts';

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
