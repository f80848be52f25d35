/**
 * What counts as an effect: whatever makes two runs with the same inputs differ, or reaches outside the process.
 * House rule 5 (STYLE.md): such a thing is handed to a constructor, never taken from the air.
 */

/** Global names of which no use at all is free of effects. */
export const EFFECT_GLOBALS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'performance',
  'crypto',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
]);

/** Global names with some members that are effects. Their other members are pure. */
export const EFFECT_MEMBERS = new Map([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['AbortSignal', new Set(['timeout'])],
  ['Temporal', new Set(['Now'])],
  ['process', new Set(['hrtime', 'uptime', 'getBuiltinModule', 'binding', 'dlopen'])],
]);

/** Names of the global object itself. */
export const GLOBAL_OBJECTS = new Set(['globalThis', 'global', 'self', 'window']);

/** Node's modules of which no use at all is free of effects. `node:` is left off; a sub-path counts with its module. */
export const EFFECT_MODULES = new Set([
  'fs',
  'net',
  'tls',
  'dns',
  'dgram',
  'http',
  'https',
  'http2',
  'timers',
  'perf_hooks',
  'child_process',
  'worker_threads',
  'cluster',
  'sqlite',
]);

/** Node's modules with some members that are effects. Their other members are pure. */
export const EFFECT_MODULE_MEMBERS = new Map([
  [
    'crypto',
    new Set([
      'randomBytes',
      'pseudoRandomBytes',
      'randomUUID',
      'randomInt',
      'randomFill',
      'randomFillSync',
      'getRandomValues',
      'generateKey',
      'generateKeySync',
      'generateKeyPair',
      'generateKeyPairSync',
      'generatePrime',
      'generatePrimeSync',
      'createDiffieHellman',
      'subtle',
      'webcrypto',
    ]),
  ],
  ['process', EFFECT_MEMBERS.get('process')],
  ['module', new Set(['createRequire'])],
]);

/**
 * The global names that the pure core may use: values and functions of their arguments alone. No clock (`Intl` formats the
 * time that it is), no queue of work, no environment.
 */
export const CORE_GLOBALS = new Set([
  'Array',
  'BigInt',
  'Boolean',
  'Buffer',
  'Error',
  'Infinity',
  'Iterator',
  'JSON',
  'Map',
  'Math',
  'NaN',
  'Number',
  'Object',
  'RangeError',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'SyntaxError',
  'TextDecoder',
  'TextEncoder',
  'TypeError',
  'Uint32Array',
  'Uint8Array',
  'WeakMap',
  'WeakSet',
  'undefined',
]);

/** Members that read the language and region of the machine, of whatever object. */
export const LOCALE_MEMBERS = new Set([
  'localeCompare',
  'toLocaleDateString',
  'toLocaleLowerCase',
  'toLocaleString',
  'toLocaleTimeString',
  'toLocaleUpperCase',
]);
