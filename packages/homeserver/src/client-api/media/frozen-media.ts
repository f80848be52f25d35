import { parseServerName } from '@hansa/protocol';
import { defineRoute, paramText, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { paramMediaId } from '../../media/index.ts';

const PATHS = {
  download: '/_matrix/media/v3/download/{serverName}/{mediaId}',
  thumbnail: '/_matrix/media/v3/thumbnail/{serverName}/{mediaId}',
} as const;

/**
 * The endpoints at which media were anybody's to read. They are frozen, and all media here are newer than that. Source:
 * client-server API, "Content repository", client behaviour.
 */
export function frozenMedia(): readonly Route[] {
  const params = { serverName: parseServerName, mediaId: paramMediaId };
  const handler = async (): Promise<never> => {
    throw notFound('Media are for those who are logged in: see /_matrix/client/v1/media/.');
  };
  const common = { method: 'GET', auth: 'none', params, handler } as const;
  return [
    defineRoute({ ...common, path: PATHS.download }),
    defineRoute({
      ...common,
      path: `${PATHS.download}/{fileName}`,
      params: { ...params, fileName: paramText },
    }),
    defineRoute({ ...common, path: PATHS.thumbnail }),
  ];
}
