/**
 * What goes between the server and the process that reads pictures: a kind of one byte, the length of what follows in
 * four, the higher first, and that.
 */
export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

const HEAD_BYTES = 5;

export function encodeHead(kind: number, payloadBytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(payloadBytes, 1);
  return head;
}

/**
 * The frames in what comes, one after another; each is held once. What ends in the middle of one ends before it.
 * @throws where one is longer than `maxPayloadBytes`, before anything is held of it
 */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
  maxPayloadBytes: number,
): AsyncGenerator<Frame, void> {
  const head = Buffer.alloc(HEAD_BYTES);
  let headBytes = 0;
  let payload: Buffer | undefined;
  let payloadBytes = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length || isWhole(payload, payloadBytes);) {
      if (payload === undefined) {
        const part = chunk.subarray(at, at + HEAD_BYTES - headBytes);
        head.set(part, headBytes);
        headBytes += part.length;
        at += part.length;
        if (headBytes < HEAD_BYTES) break;
        const length = head.readUInt32BE(1);
        if (length > maxPayloadBytes) throw new Error(`a frame of ${length} bytes`);
        payload = Buffer.alloc(length);
        payloadBytes = 0;
      }
      const part = chunk.subarray(at, at + payload.length - payloadBytes);
      payload.set(part, payloadBytes);
      payloadBytes += part.length;
      at += part.length;
      if (!isWhole(payload, payloadBytes)) break;
      yield { kind: head.readUInt8(0), payload };
      payload = undefined;
      headBytes = 0;
    }
  }
}

function isWhole(payload: Buffer | undefined, bytes: number): boolean {
  return payload !== undefined && bytes === payload.length;
}
