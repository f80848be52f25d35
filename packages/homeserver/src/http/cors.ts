/** Paths that no browser has a reason to call. */
const SERVER_PATHS = ['/_matrix/federation/', '/_matrix/key/', '/_matrix/policy/'];

/** Source: client-server API, "Web Browser Clients". */
const HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers': 'X-Requested-With, Content-Type, Authorization',
};

/** Headers that every answer to this path has, errors and unknown paths among them. */
export function corsHeaders(path: string): Readonly<Record<string, string>> {
  return SERVER_PATHS.some((prefix) => path.startsWith(prefix)) ? {} : HEADERS;
}
