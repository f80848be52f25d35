import {
  Accounts,
  argon2Hasher,
  createMedia,
  createMediaDownload,
  createRoomEngine,
  createSignatureChecker,
  FederationStreams,
  Housekeeping,
  Outbox,
  Receipts,
  sendTransaction,
  Sync,
  Typing,
  TypingNotices,
  WorkerThumbnailer,
  type SendEdu,
} from '@hansa/homeserver';
import type { RoomId } from '@hansa/protocol';
import {
  DEFAULT_MAX_BYTES_EACH,
  DEFAULT_MAX_DAILY_BYTES_EACH,
  DEFAULT_MAX_REMOTE_BYTES,
  DEFAULT_MAX_UPLOAD_BYTES,
} from '../config/schema.ts';
import { measureSending } from '../metrics/measures.ts';
import type { Parts } from './parts.ts';
import type { Outward } from './wire-outward.ts';

/** What both faces of the workspace serve from. */
export type Services = ReturnType<typeof wireServices>;

export function wireServices(parts: Parts, outward: Outward) {
  const { installation, signingKey, store, mediaDisk, effects, log, measures } = parts;
  const { surroundings } = parts;
  const { config } = installation;
  const { clock, timers, random } = effects;
  const { own, transport, http, federation, keyRing } = outward;
  const { serverName } = own;
  const rooms = createRoomEngine({
    store,
    clock,
    random,
    timers,
    signingKey,
    serverName,
    federation,
    signatures: createSignatureChecker(keyRing),
    report: (problem, cause) => log.error({ err: cause }, problem),
  });
  const { views, advances } = rooms;
  const outbox = new Outbox({
    serverName,
    store,
    send: measureSending(
      (server, transaction, signal) => sendTransaction(http, server, transaction, signal),
      measures?.sent,
    ),
    effects,
    log,
    advances,
  });
  const thumbnailer = new WorkerThumbnailer({ startProcess: parts.startPictureProcess, timers });
  const media = createMedia({
    disk: mediaDisk,
    store,
    download: createMediaDownload(new FederationStreams({ own, transport })),
    thumbnailer,
    clock,
    random,
    serverName,
    maxUploadBytes: config.media?.maxUploadBytes ?? DEFAULT_MAX_UPLOAD_BYTES,
    maxRemoteBytes: config.media?.maxRemoteBytes ?? DEFAULT_MAX_REMOTE_BYTES,
    quota: {
      maxBytes: config.media?.maxBytesEach ?? DEFAULT_MAX_BYTES_EACH,
      maxBytesADay: config.media?.maxDailyBytesEach ?? DEFAULT_MAX_DAILY_BYTES_EACH,
    },
  });
  const housekeeping = new Housekeeping({
    sweepMedia: (isStopped) => media.sweeper.sweep(isStopped),
    transactions: store.readers.clientTransactions,
    store,
    clock,
    timers,
    report: (problem, cause) => log.error({ err: cause }, problem),
  });
  const passwords = surroundings?.passwords ?? argon2Hasher();
  const accounts = new Accounts({ store, clock, random, passwords, serverName });
  const { incarnation } = store;
  const announce = (roomId: RoomId): void => advances.announce(roomId);
  const typing = new Typing({ clock, timers, onChange: announce });
  const sendEdu: SendEdu = (servers, edu) => outbox.sendEdu(servers, edu);
  const notices = new TypingNotices({ typing, views, clock, serverName, sendEdu });
  const receipts = new Receipts({ store, views, clock, serverName, sendEdu, onChange: announce });
  const sync = new Sync({
    views,
    receipts: store.readers.receipts,
    typing,
    advances,
    timers,
    clock,
    incarnation,
  });

  return {
    rooms,
    outbox,
    media,
    thumbnailer,
    housekeeping,
    accounts,
    typing,
    notices,
    receipts,
    sync,
  };
}
