import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../client-api/limit-rates.ts';
import { declaredRoutes } from '../client-api/testing/declared-routes.ts';
import { federationRoutes } from '../federation-api/federation-routes.ts';
import { stubPorts } from '../federation-api/testing/stub-ports.ts';
import { NOT_IMPLEMENTED } from './not-implemented.ts';

const table = join(process.env['HANSA_CONTRACT'] ?? '', 'out/endpoints.tsv');
const served = [...declaredRoutes(), ...federationRoutes(stubPorts({}))].map(nameOf);
const absent = Object.values(NOT_IMPLEMENTED).flat();

describe.skipIf(!existsSync(table))('every operation of the specification', () => {
  const specified = readFileSync(table, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [, method, path] = row.split('\t');
      return `${method} ${path}`;
    });

  it('is served, or named as not implemented', () => {
    const known = new Set([...served, ...absent]);
    expect(specified.filter((operation) => !known.has(operation))).toEqual([]);
  });

  it('is not both, and nothing else is named', () => {
    expect(absent.filter((operation) => served.includes(operation))).toEqual([]);
    expect(absent.filter((operation) => !specified.includes(operation))).toEqual([]);
    expect(new Set(absent).size).toBe(absent.length);
  });
});
