import type { Random } from '@hansa/net';
import { defineRoute, type Route } from '../../http/index.ts';
import {
  paramMediaId,
  thumbnailName,
  ThumbnailQuery,
  thumbnailRequestOf,
  writeDisposition,
  type MediaRepository,
} from '../../media/index.ts';
import { answerMedia } from './answer-media.ts';

/** `GET /media/thumbnail/{mediaId}`, of our media alone. */
export function thumbnail(ports: {
  readonly media: Pick<MediaRepository, 'getOwn' | 'thumbnails'>;
  readonly random: Pick<Random, 'bytes'>;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/media/thumbnail/{mediaId}',
    auth: 'federation',
    params: { mediaId: paramMediaId },
    query: ThumbnailQuery,
    handler: async ({ params: { mediaId }, query }) => {
      const media = await ports.media.getOwn(mediaId);
      const { contentType, file } = await ports.media.thumbnails.get(
        media,
        thumbnailRequestOf(query),
      );
      const disposition = writeDisposition('inline', thumbnailName(contentType));
      return answerMedia(ports.random, { contentType, disposition, file });
    },
  });
}
