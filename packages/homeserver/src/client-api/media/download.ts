import { parseServerName } from '@hansa/protocol';
import type { Media } from '@hansa/storage';
import { defineRoute, paramText, StreamAnswer, type Route } from '../../http/index.ts';
import {
  mediaHeaders,
  paramMediaId,
  readRange,
  servedType,
  streamFile,
  TimeoutQuery,
  writeDisposition,
  type MediaRepository,
} from '../../media/index.ts';

type Ports = Pick<MediaRepository, 'get' | 'library'>;

const PATH = '/_matrix/client/v1/media/download/{serverName}/{mediaId}';
const params = { serverName: parseServerName, mediaId: paramMediaId };

/** `GET /media/download/{serverName}/{mediaId}`, and the same with a file name that goes before the file's own. */
export function download(ports: Ports): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: PATH,
      auth: 'token',
      params,
      query: TimeoutQuery,
      handler: async ({ params: { serverName, mediaId }, range }) => {
        const media = await ports.get(serverName, mediaId);
        return await answerOf(ports, media, range);
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${PATH}/{fileName}`,
      auth: 'token',
      params: { ...params, fileName: paramText },
      query: TimeoutQuery,
      handler: async ({ params: { serverName, mediaId, fileName }, range }) => {
        const media = await ports.get(serverName, mediaId);
        return await answerOf(ports, { ...media, fileName }, range);
      },
    }),
  ];
}

async function answerOf({ library }: Ports, media: Media, asked: string | undefined) {
  const { sizeBytes, fileName } = media;
  const { contentType, disposition } = servedType(media);
  const range = readRange(asked, sizeBytes);
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  const headers = {
    ...mediaHeaders({
      contentType,
      disposition: writeDisposition(disposition, fileName),
      sizeBytes: end - start,
    }),
    'accept-ranges': 'bytes',
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
  };
  const file = await library.open(media);
  return new StreamAnswer(streamFile(file, start, end), headers, range === undefined ? 200 : 206);
}
