import type { MediaConfig } from '@hansa/protocol/wire';
import { defineRoute, type Route } from '../../http/index.ts';
import type { MediaRepository } from '../../media/index.ts';

/** `GET /media/config` */
export function mediaConfig({ uploads }: Pick<MediaRepository, 'uploads'>): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v1/media/config',
    auth: 'token',
    handler: async (): Promise<MediaConfig> => ({ 'm.upload.size': uploads.maxBytes }),
  });
}
