import { HttpsError } from './https-error.ts';

/** A body as it comes, at most `maxBytes` of it. Fails with an `HttpsError`, whatever breaks. */
export async function* streamBounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      // Leaving the loop destroys the stream and its connection.
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw asHttpsError(error);
  }
}

/** All bytes of a body that is bounded already. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function tooLarge(maxBytes: number): HttpsError {
  return new HttpsError('too-large', `more than ${maxBytes} bytes`);
}

export function asHttpsError(error: unknown): HttpsError {
  if (error instanceof HttpsError) return error;
  return new HttpsError('unreachable', 'the connection broke', error);
}
