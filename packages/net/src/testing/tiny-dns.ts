import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

const HEADER_BYTES = 12;
const NO_SUCH_NAME = 3;
const TYPE_A = 1;
const TTL_S = 60;

/**
 * A DNS server on loopback that knows these IPv4 addresses; of `silent` names it says nothing at all, as a server does that
 * is not there.
 */
export async function startTinyDns(
  addresses: Readonly<Record<string, string>>,
  silent: readonly string[] = [],
): Promise<{ readonly server: string; readonly stop: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const { name, type, end } = readQuestion(query);
    if (silent.includes(name)) return;
    const found = type === TYPE_A ? addresses[name] : undefined;
    const known = Object.hasOwn(addresses, name);
    socket.send(answer(query.subarray(0, end), known ? 0 : NO_SUCH_NAME, found), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { server: `127.0.0.1:${socket.address().port}`, stop: () => void socket.close() };
}

/** The one question that resolvers send. RFC 1035, section 4.1.2. */
function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let offset = HEADER_BYTES;
  for (let length = query.readUInt8(offset); length > 0; length = query.readUInt8(offset)) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(offset + 1),
    end: offset + 5,
  };
}

function answer(question: Buffer, status: number, address: string | undefined): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | status, 2);
  head.writeUInt16BE(address === undefined ? 0 : 1, 6);
  // No authority, and none of the options that came with the question.
  head.writeUInt32BE(0, 8);
  if (address === undefined || !isIPv4(address)) return head;
  const record = Buffer.alloc(16);
  // The name is that of the question.
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL_S, 6);
  record.writeUInt16BE(4, 10);
  Buffer.from(address.split('.').map(Number)).copy(record, 12);
  return Buffer.concat([head, record]);
}
