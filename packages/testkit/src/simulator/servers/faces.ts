import { Readable } from 'node:stream';
import type { Surroundings } from '@hansa/workspace';
import type { Lifetime } from '../world/lifetime.ts';

const PIECES = 3;

export type Face = 'client' | 'federation';

export interface FaceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface FaceAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

type Listen = NonNullable<Surroundings['listen']>;
type App = Parameters<Listen>[0];

/** Where a server listens: its real HTTP routes, called without a socket. */
export interface Faces {
  readonly listen: Listen;
  /** Never settles where the server crashes meanwhile. */
  request(face: Face, request: FaceRequest): Promise<FaceAnswer>;
}

export function openFaces(lifetime: Lifetime): Faces {
  const apps = new Map<Face, App>();
  return {
    async listen(app, setting) {
      await app.ready();
      apps.set(setting === 'client' ? 'client' : 'federation', app);
      return `http://${lifetime.name}`;
    },
    async request(face, { method, path, headers, body }) {
      const app = apps.get(face);
      if (app === undefined) throw new Error(`${lifetime.name} has no ${face} face`);
      const answer = await app.inject({
        method,
        url: path,
        headers: { ...headers },
        ...(body === undefined ? {} : { payload: payloadOf(face, body) }),
      });
      if (!lifetime.alive) return new Promise(() => {});
      return {
        status: answer.statusCode,
        headers: new Map(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: answer.rawPayload,
      };
    },
  };
}

/** What a client uploads comes piece by piece. */
function payloadOf(face: Face, body: string | Uint8Array): string | Buffer | Readable {
  if (typeof body === 'string') return body;
  const bytes = Buffer.from(body);
  return face === 'client' ? Readable.from(piecesOf(bytes)) : bytes;
}

/** A body as it may come from a network. */
export function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const sizeBytes = Math.max(1, Math.ceil(bytes.byteLength / PIECES));
  return Array.from({ length: PIECES }, (_, n) =>
    bytes.subarray(n * sizeBytes, (n + 1) * sizeBytes),
  ).filter((piece) => piece.byteLength > 0);
}
