import type { UploadResponse } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../http/index.ts';
import type { MediaRepository } from '../../media/index.ts';

/** Far more than is kept of it. */
const MAX_FILE_NAME_CHARS = 2000;

/** `POST /upload`: answered when the file is durable. */
export function upload({ uploads }: Pick<MediaRepository, 'uploads'>): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/media/v3/upload',
    auth: 'token',
    query: Type.Object({
      filename: Type.Optional(Type.String({ maxLength: MAX_FILE_NAME_CHARS })),
    }),
    upload: true,
    handler: async ({
      session,
      query: { filename: fileName },
      upload: file,
    }): Promise<UploadResponse> => ({
      content_uri: await uploads.add(session.userId, { ...file, fileName }),
    }),
  });
}
