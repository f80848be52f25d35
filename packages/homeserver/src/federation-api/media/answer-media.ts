import type { Random } from '@hansa/net';
import { StreamAnswer } from '../../http/index.ts';
import { streamFile, writeMediaParts, type OpenFile } from '../../media/index.ts';

const BOUNDARY_BYTES = 24;

/** A file as other servers get it: in two parts. */
export function answerMedia(
  random: Pick<Random, 'bytes'>,
  { file, contentType, disposition }: OpenFile,
): StreamAnswer {
  const boundary = Buffer.from(random.bytes(BOUNDARY_BYTES)).toString('hex');
  const parts = writeMediaParts(
    boundary,
    { 'Content-Type': contentType, 'Content-Disposition': disposition },
    file.sizeBytes,
    streamFile(file),
  );
  return new StreamAnswer(parts.body, {
    'content-type': parts.contentType,
    'content-length': String(parts.sizeBytes),
  });
}
