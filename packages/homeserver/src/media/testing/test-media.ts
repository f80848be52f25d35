import type { MxcUri, ServerName, UserId } from '@hansa/protocol';
import { VirtualMediaDisk } from '@hansa/testkit';
import { createMedia, type MediaPorts, type MediaRepository } from '../create-media.ts';
import { sharpThumbnailer } from '../picture-worker/sharp-thumbnailer.ts';

export const OURS = 'ours.test' as ServerName;
export const ADA = '@ada:ours.test' as UserId;

/** The media of `ours.test`: what is not given is virtual, without a quota, and asks nobody for anything. */
export function createTestMedia(
  { clock, random }: Pick<MediaPorts, 'clock' | 'random'>,
  given: Pick<MediaPorts, 'store'> & Partial<MediaPorts>,
): MediaRepository {
  return createMedia({
    clock,
    random,
    disk: new VirtualMediaDisk(clock),
    download: () => Promise.reject(new Error('nobody is to be asked for a file')),
    thumbnailer: sharpThumbnailer(),
    serverName: OURS,
    maxUploadBytes: 1024 * 1024,
    maxRemoteBytes: 1024 * 1024,
    quota: { maxBytes: 0, maxBytesADay: 0 },
    ...given,
  });
}

export interface TestUpload {
  readonly by?: UserId;
  readonly contentType?: string | undefined;
  readonly fileName?: string | undefined;
  readonly declaredBytes?: number;
}

/** Uploads what comes in those chunks; answers the media id. */
export async function uploadChunks(
  { uploads }: Pick<MediaRepository, 'uploads'>,
  chunks: readonly (string | Uint8Array)[],
  { by = ADA, contentType, fileName, declaredBytes }: TestUpload = {},
): Promise<string> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const mxc: MxcUri = await uploads.add(by, {
    bytes: bytes(),
    declaredBytes,
    contentType,
    fileName,
  });
  return mxc.split('/').at(-1) ?? '';
}
