import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

/** `GET /.well-known/matrix/client` (client-server API, "Well-known URIs") */
export function wellKnownClient({ publicUrl }: { readonly publicUrl: string | undefined }): Route {
  return defineRoute({
    method: 'GET',
    path: '/.well-known/matrix/client',
    auth: 'none',
    handler: async () => {
      if (publicUrl === undefined)
        throw notFound(
          'This server has no public address: "publicUrl" is missing in its configuration.',
        );
      return { 'm.homeserver': { base_url: publicUrl } };
    },
  });
}
