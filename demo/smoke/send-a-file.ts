import { deadline, type Latencies, type MatrixClient } from '@hansa/testkit';

const FILE_BYTES = 1024 * 1024;
const TYPE = 'application/pdf';
const NAME = 'timetable.pdf';

interface Sent {
  readonly room: string;
  readonly from: MatrixClient;
  readonly to: MatrixClient;
}

/** A file of one megabyte, from its upload to the moment at which somebody at the other server has all of it. */
export async function sendAFile({ room, from, to }: Sent, latencies: Latencies): Promise<void> {
  const file = Uint8Array.from({ length: FILE_BYTES }, (_, at) => (at * at) % 251);
  const sentAt = performance.now();
  const url = await from.upload(file, { type: TYPE, name: NAME });
  const content = { msgtype: 'm.file', body: NAME, url, info: { mimetype: TYPE } };
  const eventId = await from.send(room, 'm.room.message', content);
  await to.until(
    (client) => client.room(room).timeline.some(({ event_id }) => event_id === eventId),
    deadline('the message with the file'),
  );
  const { status, headers, bytes } = await to.download(url);
  latencies.add(performance.now() - sentAt);
  if (status !== 200) throw new Error(`the file was answered ${status}`);
  if (Buffer.compare(bytes, file) !== 0) throw new Error('what arrived is not the file');
  if (headers.get('content-type') !== TYPE) throw new Error('the file has lost its type');
}
