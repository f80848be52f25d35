import { createHash } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import { deadline } from '@hansa/testkit';
import { sharedPrivateRoom } from './rooms.ts';
import type { Scenario } from './scenario.ts';

const FILE_BYTES = 1024 * 1024;
const PICTURE_PIXELS = 300;
const NAME = 'Übersicht für alle.bin';

export const media: Scenario = {
  title: 'a file and a picture arrive byte for byte, with name, type and thumbnail, both ways',
  async run(stage) {
    const room = await sharedPrivateRoom(stage);
    const { host, guest, tag } = stage;
    for (const [from, to] of [[host, guest] as const, [guest, host] as const]) {
      const file = noise(`${tag} ${from.userId}`, FILE_BYTES);
      const url = await from.upload(file, { type: 'application/x-plan', name: NAME });
      const sent = await from.send(room, 'm.room.message', { msgtype: 'm.file', body: NAME, url });
      await to.until(
        (client) => client.room(room).timeline.some(({ event_id: id }) => id === sent),
        deadline('the message with the file'),
      );
      const { status, headers, bytes } = await to.download(url);
      if (status !== 200) throw new Error(`the file was answered ${status}: ${String(bytes)}`);
      if (Buffer.compare(bytes, file) !== 0)
        throw new Error(`${bytes.length} bytes, and not the same`);
      expectHeader(headers, 'content-type', 'application/x-plan');
      expectHeader(headers, 'content-disposition', encodeURIComponent(NAME).toLowerCase());
      await checkPicture(from, to);
    }
  },
};

async function checkPicture(from: Uploader, to: Uploader): Promise<void> {
  const picture = greyPng(PICTURE_PIXELS);
  const url = await from.upload(picture, { type: 'image/png', name: 'grey.png' });
  const thumbnail = await to.thumbnail(url, { width: 96, height: 96, method: 'crop' });
  const { status, headers, bytes } = thumbnail;
  if (status !== 200) throw new Error(`the thumbnail was answered ${status}: ${String(bytes)}`);
  expectHeader(headers, 'content-type', 'image/');
  if (bytes.length >= PICTURE_PIXELS ** 2) throw new Error('the thumbnail is the picture itself');
  const whole = await to.download(url);
  if (Buffer.compare(whole.bytes, picture) !== 0) throw new Error('the picture is not the same');
  expectHeader(whole.headers, 'content-disposition', 'inline');
}

type Uploader = Parameters<Scenario['run']>[0]['host'];

function expectHeader(headers: Headers, name: string, part: string): void {
  const value = headers.get(name) ?? '';
  if (!value.toLowerCase().includes(part)) throw new Error(`${name}: ${value}`);
}

/** The same for the same words. */
function noise(words: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const digests: Buffer[] = [];
  for (let block = 0; block < sizeBytes / 32; block += 1) {
    digests.push(createHash('sha256').update(`${words} ${block}`).digest());
  }
  return new Uint8Array(Buffer.concat(digests));
}

/** Of noise, so that it does not become small by itself. */
function greyPng(side: number): Uint8Array<ArrayBuffer> {
  const pixels = noise('pixels', side * side + 32);
  const rows = Array.from({ length: side }, (_, row) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(row * side, (row + 1) * side)]),
  );
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(named.length + 8);
    framed.writeUInt32BE(data.length, 0);
    named.copy(framed, 4);
    framed.writeUInt32BE(crc32(named), framed.length - 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.concat(rows))),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}
