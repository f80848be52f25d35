import { isIP } from 'node:net';
import { isObject, member, parseJson, parseServerName } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { Clock } from '../effects.ts';
import { endpointOfUrl } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import type { HttpsRequest } from '../https-client.ts';
import type { IncomingAnswer } from '../transport.ts';

export const WELL_KNOWN_PATH = '/.well-known/matrix/server';
const HTTPS_PORT = 443;
const MAX_BYTES = 50 * 1024;
/** For all of it, redirects included: who wants the answer waits for no more than this. */
const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Sends one HTTPS request; the guard against internal addresses is behind it, so it holds for every redirect too. */
export type Exchange = (endpoint: Endpoint, request: HttpsRequest) => Promise<IncomingAnswer>;

export interface Delegation {
  readonly delegate: ServerName;
  /** Of the answer that said so. */
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Asks a host which server speaks for it. Rejects, with the reason in words, where it says nothing valid.
 * `firstPort` is 443 everywhere but in test networks.
 * Source: server-server API, "Resolving server names", step 3.
 */
export async function fetchWellKnown(
  { exchange, clock }: { readonly exchange: Exchange; readonly clock: Pick<Clock, 'monotonic'> },
  host: string,
  firstPort = HTTPS_PORT,
): Promise<Delegation> {
  let url = new URL(`https://${host}:${firstPort}${WELL_KNOWN_PATH}`);
  // `16909060` is a host name to the grammar, and 1.2.3.4 to a URL: rooms that admit no addresses would not see that it is one.
  if (isIP(endpointOfUrl(url).tlsName) !== 0) throw new Error(`${host} is an address in disguise`);
  const deadline = clock.monotonic() + TIMEOUT_MS;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const timeoutMs = deadline - clock.monotonic();
    if (timeoutMs <= 0) break;
    const answer = await exchange(endpointOfUrl(url), {
      method: 'GET',
      path: url.pathname + url.search,
      headers: { accept: 'application/json' },
      limits: { maxBytes: MAX_BYTES, timeoutMs },
    });
    if (!REDIRECTS.has(answer.status)) {
      return { delegate: readDelegate(answer), headers: answer.headers };
    }
    url = nextUrl(answer, url);
  }
  throw new Error(`${host} redirects more than ${MAX_REDIRECTS} times, or for too long`);
}

function nextUrl(answer: IncomingAnswer, from: URL): URL {
  const location = answer.headers.get('location');
  const url = location === undefined ? null : URL.parse(location, from.href);
  if (url?.protocol !== 'https:') throw new Error('a redirect leads to no https address');
  return url;
}

function readDelegate(answer: IncomingAnswer): ServerName {
  if (answer.status !== 200) throw new Error(`the answer has status ${answer.status}`);
  const json = parseJson(answer.body);
  if (!json.ok) throw new Error(`the answer is not JSON: ${json.reason}`);
  const text = isObject(json.value) ? member(json.value, 'm.server') : undefined;
  const delegate = typeof text === 'string' ? parseServerName(text) : undefined;
  if (delegate?.ok !== true) throw new Error('m.server is not a server name');
  return delegate.value;
}
