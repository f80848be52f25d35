import { isIP } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import { abortable } from './abortable.ts';
import type { AddressGuard } from './address-guard.ts';
import { DnsError } from './dns/dns-error.ts';
import type { Resolver } from './dns/resolver.ts';
import type { Effects } from './effects.ts';
import type { Endpoint, Target } from './endpoint.ts';
import { explainConnectErrors } from './explain-connect-error.ts';
import { firstToSucceed } from './first-to-succeed.ts';
import { HttpsError } from './https-error.ts';
import type { openTls } from './open-tls.ts';
import { orderTargets } from './order-targets.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** For each of several targets, so that the next has its turn within the time that all have together. */
const TARGET_TIMEOUT_MS = 4_000;
/** After which the next address of a host is tried besides: longer than most need for TCP and TLS together. */
const NEXT_ADDRESS_MS = 1_000;
/** Of a host; whoever writes its zone decides where we knock. */
const MAX_ADDRESSES = 8;

export interface ConnectorPorts extends Pick<Effects, 'timers' | 'random'> {
  readonly resolver: Pick<Resolver, 'resolveAddresses'>;
  readonly guard: AddressGuard;
  readonly trust: SecureContext;
  readonly open: typeof openTls;
}

/** Certificate authorities that we believe: those of the runtime, and our own (PEM). */
export function trustOf(ownAuthorities: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), ...ownAuthorities] });
}

/**
 * Opens TLS connections for every outgoing request there is. A name is resolved, its addresses are checked, and
 * those very addresses are connected to: there is no second look-up that could answer otherwise.
 */
export class GuardedConnector {
  readonly #ports: ConnectorPorts;

  constructor(ports: ConnectorPorts) {
    this.#ports = ports;
  }

  /** To one target after the other, until one shows the right certificate. Rejects with an `HttpsError`. */
  async connect({ targets, tlsName }: Endpoint): Promise<TLSSocket> {
    const timeoutMs = targets.length === 1 ? CONNECT_TIMEOUT_MS : TARGET_TIMEOUT_MS;
    const failures: HttpsError[] = [];
    return await this.#inTime(CONNECT_TIMEOUT_MS, tlsName, async (all) => {
      for (const target of orderTargets(targets, this.#ports.random)) {
        const connect = (end: AbortSignal) => this.#connectTo(target, tlsName, end);
        try {
          const to = `${target.host}, port ${target.port},`;
          return await this.#inTime(timeoutMs, to, connect, all);
        } catch (error) {
          if (!(error instanceof HttpsError)) throw error;
          failures.push(error);
        }
        if (all.aborted) break;
      }
      throw inOne(failures);
    });
  }

  async #inTime<T>(
    timeoutMs: number,
    to: string,
    task: (end: AbortSignal) => Promise<T>,
    outer?: AbortSignal,
  ): Promise<T> {
    const timeout = new AbortController();
    const cancel = this.#ports.timers.after(timeoutMs, () => {
      timeout.abort(new HttpsError('timeout', `no connection to ${to} within ${timeoutMs} ms`));
    });
    const ends = outer === undefined ? [timeout.signal] : [outer, timeout.signal];
    try {
      return await task(AbortSignal.any(ends));
    } finally {
      cancel();
    }
  }

  async #connectTo(target: Target, tlsName: string, end: AbortSignal): Promise<TLSSocket> {
    const { timers, trust, open } = this.#ports;
    const addresses = await abortable(this.#checkedAddresses(target.host), end);
    const attempts = addresses.map((address) => (signal: AbortSignal) => {
      return open({ address, port: target.port, tlsName, trust }, signal);
    });
    const discard = (late: TLSSocket) => void late.destroy();
    const delayMs = NEXT_ADDRESS_MS;
    const outcome = await firstToSucceed({ attempts, delayMs, timers, discard, signal: end });
    if (outcome.ok) return outcome.value;
    end.throwIfAborted();
    throw unreachable(target, tlsName, outcome.failures);
  }

  async #checkedAddresses(host: string): Promise<readonly string[]> {
    const { guard, resolver } = this.#ports;
    const found = isIP(host) === 0 ? await resolve(resolver, host) : [host];
    const allowed = found.filter((address) => guard.allows(address));
    if (allowed.length === 0) {
      throw new HttpsError(
        'blocked',
        `${host} has no address in the public ranges or in "federation.allowedRanges"`,
      );
    }
    return allowed.slice(0, MAX_ADDRESSES);
  }
}

async function resolve(
  resolver: ConnectorPorts['resolver'],
  host: string,
): Promise<readonly string[]> {
  try {
    return await resolver.resolveAddresses(host);
  } catch (cause) {
    const why = cause instanceof DnsError ? cause.message : 'it could not be looked up';
    throw new HttpsError('unreachable', `${host} has no address: ${why}`, cause);
  }
}

function unreachable(
  { host, port }: Target,
  tlsName: string,
  failures: readonly unknown[],
): HttpsError {
  const why = explainConnectErrors(failures, tlsName);
  return new HttpsError(
    'unreachable',
    `cannot connect to ${host}, port ${port}: ${why}`,
    failures.length === 1 ? failures[0] : new AggregateError(failures),
  );
}

/** That one of several targets is blocked does not matter where another might answer later. */
function inOne(failures: readonly HttpsError[]): HttpsError {
  const [first, ...others] = failures;
  if (first !== undefined && others.length === 0) return first;
  const kinds = new Set(failures.map(({ kind }) => kind));
  const [kind = 'unreachable'] = kinds;
  const message = failures.map((failure) => failure.message).join('; ');
  return new HttpsError(
    kinds.size === 1 ? kind : 'unreachable',
    message,
    new AggregateError(failures),
  );
}
