import { HttpsError } from './https-error.ts';

/** All bytes of a body, at most `maxBytes`; a longer one is cut off where it passes the bound, and refused. */
export async function readBounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop destroys the stream and its connection.
    if (sizeBytes > maxBytes) throw new HttpsError('too-large', `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}
