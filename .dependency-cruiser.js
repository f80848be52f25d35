/**
 * Who may import whom. Arrows point one way:
 * `protocol ← storage, net ← homeserver ← classic, bridge ← workspace ← cli`.
 */

/** Files that never ship: tests, and what only tests import. */
const TEST_FILES = String.raw`\.test\.ts$|/testing/|^packages/storage/src/contract/`;

/** Top folders that drive the product from outside. */
const DRIVERS = '^(bench|demo|e2e|interop)/';

/** What a package may import besides itself. A package that stands neither here nor in FREE may import no other. */
export const MAY_IMPORT = {
  protocol: [],
  storage: ['protocol'],
  net: ['protocol'],
  homeserver: ['protocol', 'storage', 'net'],
  classic: ['protocol', 'storage', 'net', 'homeserver'],
  bridge: ['protocol', 'storage', 'net', 'homeserver'],
  workspace: ['protocol', 'storage', 'net', 'homeserver', 'classic', 'bridge'],
  cli: ['protocol', 'storage', 'net', 'homeserver', 'classic', 'bridge', 'workspace'],
  hub: ['protocol', 'net', 'classic'],
  web: ['protocol'],
};

/** A package that may import every other. Who imports it is a rule of its own. */
export const FREE = 'testkit';

/** Folders of the core from the ground up: each may import those before it. */
export const CORE = [
  'room-versions',
  'glob',
  'identifiers',
  'json',
  'wire',
  'events',
  'signing',
  'auth',
  'state-resolution',
  'visibility',
  'push-rules',
  'server-acl',
];

const core = CORE.map((name, at) => ({
  name: `core-from-the-ground-up-${name}`,
  comment: `In the core, ${name} imports no folder that builds on it.`,
  severity: 'error',
  from: { path: `^packages/protocol/src/${name}/`, pathNot: TEST_FILES },
  to: { path: `^packages/protocol/src/(${['index', ...CORE.slice(at + 1)].join('|')})[/.]` },
}));

const direction = Object.entries(MAY_IMPORT).map(([name, others]) => ({
  name: `direction-of-${name}`,
  comment: `${name} imports ${others.length === 0 ? 'no other package' : others.join(', ')}.`,
  severity: 'error',
  from: { path: `^packages/${name}/` },
  to: { path: '^packages/', pathNot: `^packages/(${[name, FREE, ...others].join('|')})/` },
}));

export default {
  forbidden: [
    ...direction,
    ...core,
    {
      name: 'package-not-listed',
      comment: 'A new package gets its place in MAY_IMPORT before it imports another.',
      severity: 'error',
      from: {
        path: '^packages/([^/]+)/',
        pathNot: `^packages/(${[...Object.keys(MAY_IMPORT), FREE].join('|')})/`,
      },
      to: { path: '^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'packages-know-no-driver',
      comment:
        'A package is started by bench, demo, e2e, interop and scripts, and imports none of them.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: `${DRIVERS}|^scripts/` },
    },
    {
      name: 'packages-by-name',
      comment: 'Another package is imported by its name, never by a path into its folder.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/',
        pathNot: '^packages/$1/',
        dependencyTypesNot: ['aliased-workspace'],
      },
    },
    {
      name: 'packages-by-name-from-outside',
      comment: 'A package is imported by its name, never by a path into its folder.',
      severity: 'error',
      from: { path: `${DRIVERS}|^scripts/` },
      to: { path: '^packages/', dependencyTypesNot: ['aliased-workspace'] },
    },
    {
      name: 'testkit-only-in-tests',
      comment: 'Nothing that ships imports the test kit.',
      severity: 'error',
      from: { pathNot: `${TEST_FILES}|${DRIVERS}|^packages/testkit/` },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'Nothing that ships imports a test or what stands in a folder named testing.',
      severity: 'error',
      from: { pathNot: `${TEST_FILES}|${DRIVERS}|^packages/testkit/` },
      to: { path: TEST_FILES },
    },
    {
      name: 'core-is-pure',
      comment: 'protocol imports nothing but itself, node:crypto and node:buffer.',
      severity: 'error',
      from: { path: '^packages/protocol/', pathNot: TEST_FILES },
      to: { pathNot: '^packages/protocol/|^(node:)?(crypto|buffer)$' },
    },
    {
      name: 'engine-knows-no-face',
      comment: 'The room engine has ports; who calls it, and by what protocol, it does not know.',
      severity: 'error',
      from: { path: '^packages/homeserver/src/engine/', pathNot: TEST_FILES },
      to: {
        path: '^packages/homeserver/src/',
        pathNot: String.raw`^packages/homeserver/src/(engine/|(matrix-error|explain-remote)\.ts$)`,
      },
    },
    {
      name: 'faces-meet-in-the-engine',
      comment: 'Client API, federation API and what we ask of other servers meet in the engine.',
      severity: 'error',
      from: {
        path: '^packages/homeserver/src/(client-api|federation-api|federation)/',
        pathNot: TEST_FILES,
      },
      to: {
        path: '^packages/homeserver/src/(client-api|federation-api|federation)/',
        pathNot: '^packages/homeserver/src/$1/',
      },
    },
    {
      name: 'fastify-only-in-http',
      comment: 'Endpoints are declared by defineRoute; one folder knows the HTTP server.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/homeserver/src/http/|${TEST_FILES}` },
      to: { path: '(^|/)node_modules/fastify/' },
    },
    {
      name: 'undici-only-in-net',
      comment: 'Everything that goes out goes through net.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(net|testkit)/|${TEST_FILES}` },
      to: { path: '(^|/)node_modules/undici/' },
    },
    {
      name: 'kysely-only-in-storage',
      comment: 'SQL is spoken in storage.',
      severity: 'error',
      from: { path: '.', pathNot: '^packages/storage/' },
      to: { path: '(^|/)node_modules/kysely/' },
    },
    {
      name: 'pg-only-in-storage',
      comment: 'PostgreSQL is spoken to in one folder of storage.',
      severity: 'error',
      from: { path: '.', pathNot: `^packages/storage/src/postgres/|${TEST_FILES}` },
      to: { path: '(^|/)node_modules/pg/' },
    },
    {
      name: 'web-only-wire-types',
      comment:
        'The browser shares types with the server, by import type from protocol/wire, and no code.',
      severity: 'error',
      from: { path: '^packages/web/' },
      to: { path: '^packages/protocol/', pathNot: '^packages/protocol/src/wire/' },
    },
    {
      name: 'web-only-by-import-type',
      comment:
        'The browser shares types with the server, by import type from protocol/wire, and no code.',
      severity: 'error',
      from: { path: '^packages/web/' },
      to: { path: '^packages/protocol/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'What is imported exists, and the package it belongs to exports it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.cache/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
