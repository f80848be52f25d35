import type { Clock } from './effects.ts';
import { endpointOfUrl } from './endpoint.ts';
import type { HttpsClient } from './https-client.ts';
import { HttpsError } from './https-error.ts';
import type { Location, ReadStream, StreamedAnswer } from './transport.ts';

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer sends us on to. */
class Redirect {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
}

/** By GET what stands at an `https:` URL that a stranger named. The guard against internal addresses is behind each step. */
export async function followLocation<T>(
  ports: { readonly https: Pick<HttpsClient, 'receive'>; readonly clock: Pick<Clock, 'monotonic'> },
  { url: first, headers, limits, signal }: Location,
  read: ReadStream<T>,
): Promise<T> {
  const deadline = ports.clock.monotonic() + limits.timeoutMs;
  let url = readLocation(first);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const timeoutMs = deadline - ports.clock.monotonic();
    if (timeoutMs <= 0) break;
    const request = {
      method: 'GET',
      path: url.pathname + url.search,
      headers,
      limits: { ...limits, timeoutMs },
      ...(signal === undefined ? {} : { signal }),
    };
    const outcome = await ports.https.receive(endpointOfUrl(url), request, (answer) =>
      readUnlessRedirect(answer, read),
    );
    if (!(outcome instanceof Redirect)) return outcome;
    url = readLocation(outcome.url, url);
  }
  throw new HttpsError(
    'unreachable',
    `redirects more than ${MAX_REDIRECTS} times, or for too long`,
  );
}

async function readUnlessRedirect<T>(
  answer: StreamedAnswer,
  read: ReadStream<T>,
): Promise<T | Redirect> {
  const location = answer.headers.get('location');
  if (location === undefined || !REDIRECTS.has(answer.status)) return await read(answer);
  return new Redirect(location);
}

function readLocation(text: string, from?: URL): URL {
  const url = URL.parse(text, from?.href);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new HttpsError('blocked', 'what it names is no https address');
  }
  return url;
}
