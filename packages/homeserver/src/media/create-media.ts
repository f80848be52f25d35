import { KeyedSlots, type Effects } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Media, Store } from '@hansa/storage';
import { MediaBlocks, noSuchFile } from './media-blocks.ts';
import type { MediaDisk } from './media-disk.ts';
import { MediaFiles } from './media-files.ts';
import { MediaLibrary } from './media-library.ts';
import { MediaSweeper } from './media-sweeper.ts';
import { RemoteMedia, type DownloadMedia } from './remote-media.ts';
import type { Thumbnailer } from './thumbnailer.ts';
import { Thumbnails } from './thumbnails.ts';
import { UploadQuota, type QuotaSettings } from './upload-quota.ts';
import { Uploads } from './uploads.ts';

export interface MediaPorts extends Pick<Effects, 'clock' | 'random'> {
  readonly disk: MediaDisk;
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly download: DownloadMedia;
  readonly thumbnailer: Thumbnailer;
  readonly serverName: ServerName;
  /** Of a file of our people. */
  readonly maxUploadBytes: number;
  /** Of a file of another server. */
  readonly maxRemoteBytes: number;
  readonly quota: QuotaSettings;
}

/** The content repository of a server. */
export interface MediaRepository {
  readonly uploads: Uploads;
  readonly library: MediaLibrary;
  readonly thumbnails: Thumbnails;
  readonly sweeper: MediaSweeper;
  readonly blocks: MediaBlocks;
  /** Ours alone. Throws 404 `M_NOT_FOUND`, also where it is blocked. */
  getOwn(mediaId: string): Promise<Media>;
  /** Ours, or another server's, which is fetched where it is not here: for our people alone. Throws as `RemoteMedia.get`. */
  get(server: ServerName, mediaId: string): Promise<Media>;
  /** Ends what is being fetched. */
  stop(): void;
}

export function createMedia(ports: MediaPorts): MediaRepository {
  const { store, serverName, random, clock } = ports;
  const { media } = store.readers;
  const placing = new KeyedSlots(1);
  const files = new MediaFiles(ports);
  const blocks = new MediaBlocks({ store, media, clock });
  const library = new MediaLibrary({ files, store, media, blocks, placing, clock });
  const remote = new RemoteMedia({ ...ports, files, library, maxBytes: ports.maxRemoteBytes });
  const getOwn = async (mediaId: string): Promise<Media> => {
    const found = await library.find(serverName, mediaId);
    if (found === undefined) throw noSuchFile();
    return await blocks.refuseBlocked(found);
  };
  return {
    uploads: new Uploads({
      files,
      library,
      quota: new UploadQuota({ media, clock, settings: ports.quota }),
      random,
      serverName,
      maxBytes: ports.maxUploadBytes,
    }),
    library,
    thumbnails: new Thumbnails({ ...ports, files, library }),
    sweeper: new MediaSweeper({ ...ports, media, placing }),
    blocks,
    getOwn,
    get: async (server, mediaId) =>
      server === serverName
        ? await getOwn(mediaId)
        : await blocks.refuseBlocked(await remote.get(server, mediaId)),
    stop: () => remote.stop(),
  };
}
