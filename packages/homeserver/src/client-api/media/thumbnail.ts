import { parseServerName } from '@hansa/protocol';
import { defineRoute, StreamAnswer, type Route } from '../../http/index.ts';
import {
  mediaHeaders,
  paramMediaId,
  streamFile,
  ThumbnailQuery,
  thumbnailRequestOf,
  thumbnailName,
  writeDisposition,
  type MediaRepository,
} from '../../media/index.ts';

/** `GET /media/thumbnail/{serverName}/{mediaId}` */
export function thumbnail(ports: Pick<MediaRepository, 'get' | 'thumbnails'>): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v1/media/thumbnail/{serverName}/{mediaId}',
    auth: 'token',
    params: { serverName: parseServerName, mediaId: paramMediaId },
    query: ThumbnailQuery,
    handler: async ({ params: { serverName, mediaId }, query }) => {
      const media = await ports.get(serverName, mediaId);
      const { contentType, file } = await ports.thumbnails.get(media, thumbnailRequestOf(query));
      const disposition = writeDisposition('inline', thumbnailName(contentType));
      return new StreamAnswer(
        streamFile(file),
        mediaHeaders({ contentType, disposition, sizeBytes: file.sizeBytes }),
      );
    },
  });
}
