import type { Random } from '@hansa/net';
import { defineRoute, type Route } from '../../http/index.ts';
import {
  paramMediaId,
  servedType,
  TimeoutQuery,
  writeDisposition,
  type MediaRepository,
} from '../../media/index.ts';
import { answerMedia } from './answer-media.ts';

/** `GET /media/download/{mediaId}`, of our media alone. */
export function download(ports: {
  readonly media: Pick<MediaRepository, 'getOwn' | 'library'>;
  readonly random: Pick<Random, 'bytes'>;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/media/download/{mediaId}',
    auth: 'federation',
    params: { mediaId: paramMediaId },
    query: TimeoutQuery,
    handler: async ({ params: { mediaId } }) => {
      const media = await ports.media.getOwn(mediaId);
      const disposition = writeDisposition(servedType(media).disposition, media.fileName);
      const file = await ports.media.library.open(media);
      // The type as it was declared: what to make of it is the other server's to judge.
      return answerMedia(ports.random, { contentType: media.contentType, disposition, file });
    },
  });
}
