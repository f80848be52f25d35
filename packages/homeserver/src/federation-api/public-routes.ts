/** The routes between servers that anybody may call unsigned. A route that is not here refuses such calls. */
export const PUBLIC_ROUTES: ReadonlySet<string> = new Set([
  'GET /.well-known/matrix/server',
  'GET /_matrix/federation/v1/version',
  'GET /_matrix/key/v2/query/{serverName}',
  'GET /_matrix/key/v2/server',
  'POST /_matrix/key/v2/query',
]);
