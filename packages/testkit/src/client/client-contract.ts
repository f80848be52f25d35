import { loadContract, type Contract } from '../contract/load-contract.ts';
import type { Exchange, WatchExchange } from './exchange.ts';

/** Of Hansa alone, of which the specification says nothing. */
const OURS = '/_matrix/client/unstable/chat.hansa/';

let loading: Promise<WatchExchange | undefined> | undefined;

/**
 * Holds every exchange against the specification's schemas: each answer, and each request that was accepted.
 * `undefined` where the checker is absent, which is said once.
 */
export function loadClientContract(): Promise<WatchExchange | undefined> {
  loading ??= loadContract('client-server').then(
    (contract) => contract && ((exchange) => hold(contract, exchange)),
  );
  return loading;
}

function hold(contract: Contract, exchange: Exchange): void {
  const { method, path, sent, status, received } = exchange;
  if (path.startsWith(OURS)) return;
  const isDeclared = contract.match(method, path) !== undefined;
  if (!isDeclared && isUnrecognized(exchange)) return;
  if (ERRATA.some((excuses) => excuses(exchange))) return;
  const checks = [contract.checkResponse({ method, path, status, body: received })];
  if (status < 300 && sent !== undefined) {
    checks.push(contract.checkRequest({ method, path, body: sent }));
  }
  const errors = checks.flatMap((check) => check.errors ?? []);
  if (errors.length === 0) return;
  const what = `${method} ${path} answered ${status} against the specification`;
  throw new Error(`${what}: ${errors.join('; ')}\n${JSON.stringify(received)}`);
}

/** Where the schemas say something else than the prose, or than what clients rely on. */
const ERRATA: readonly ((exchange: Exchange) => boolean)[] = [
  // There is no form for "no server is offered"; this is what homeservers say and clients understand.
  ({ path, received }) => path.endsWith('/voip/turnServer') && JSON.stringify(received) === '{}',
  // Where 401 asks for a stage of authentication the schema forgets that it refuses tokens, too ("Using access tokens").
  ({ status, received }) => status === 401 && isTokenRefused(received),
  // "One of any object and an event": an event is an object, too.
  ({ path, status }) => path.endsWith('?format=event') && status === 200,
];

function isTokenRefused(received: unknown): boolean {
  const { errcode } = received as { readonly errcode?: unknown };
  return errcode === 'M_MISSING_TOKEN' || errcode === 'M_UNKNOWN_TOKEN';
}

/** What the specification does not have must not be answered as if it did. */
function isUnrecognized({ method, status, received }: Exchange): boolean {
  if (method === 'OPTIONS') return true;
  const { errcode } = received as { readonly errcode?: unknown };
  return (status === 404 || status === 405) && errcode === 'M_UNRECOGNIZED';
}
