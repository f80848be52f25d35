import type { TObject, TSchema } from 'typebox';
import { compileBody } from './read-body.ts';
import { compileParams } from './read-params.ts';
import { compileQuery } from './read-query.ts';
import type { Call, ParamParsers, ParamsOf, Route, RouteAuth, RouteDefinition } from './route.ts';

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * One endpoint. Its file exports a function that takes the ports it needs and returns this:
 *
 *     export function leaveRoom(engine: Pick<RoomEngine, 'leave'>): Route {
 *       return defineRoute({
 *         method: 'POST',
 *         path: '/_matrix/client/v3/rooms/{roomId}/leave',
 *         auth: 'token',
 *         params: { roomId: parseRoomId },
 *         body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 2000 })) }),
 *         emptyBody: 'object',
 *         handler: async ({ session, params, body }) => { … return {}; },
 *       });
 *     }
 *
 * Throws for a path whose names and parsers differ.
 */
export function defineRoute<
  const Auth extends RouteAuth,
  const P extends ParamParsers = Record<never, never>,
  Q extends TObject = TObject<Record<never, never>>,
  B extends TSchema = TSchema,
>(definition: RouteDefinition<Auth, P, Q, B>): Route {
  const readParams = compileParams(definition.path, definition.params ?? {});
  const readQuery = compileQuery(definition.query);
  const readBody = compileBody(definition);
  return {
    method: definition.method,
    path: definition.path,
    auth: definition.auth,
    body: definition.body,
    query: definition.query,
    maxBodyBytes: definition.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    upload: definition.upload ?? false,
    async handle(raw) {
      const { session, origin, bodyBytes, upload, range, requestId, remoteAddress, signal } = raw;
      const caller = definition.auth === 'token' ? { session } : { origin };
      const call = {
        ...(definition.auth === 'none' ? {} : caller),
        params: readParams(raw.params),
        query: readQuery(raw.search),
        body: readBody(raw.body),
        bodyBytes,
        upload,
        range,
        requestId,
        remoteAddress,
        signal,
      };
      // The compiled readers have just checked what the type says.
      return await definition.handler(call as Call<Auth, ParamsOf<P>, never, never>);
    },
  };
}
