import { BadPictureError, CostlyPictureError, type Thumbnailer } from '../thumbnailer.ts';
import { readFrames } from './frames.ts';
import {
  decodeJob,
  encodeAnswer,
  MAX_FRAME_BYTES,
  MAX_PICTURE_BYTES,
  type PictureAnswer,
  type PictureJob,
  type Pieces,
} from './picture-jobs.ts';

export interface PictureChannel {
  readonly input: AsyncIterable<Uint8Array>;
  readonly write: (pieces: Pieces) => void;
}

/** The inside of the process that reads pictures: does one job after another, until no more come. */
export async function servePictures(
  { input, write }: PictureChannel,
  thumbnailer: Thumbnailer,
): Promise<void> {
  write(encodeAnswer({ what: 'ready' }));
  for await (const frame of readFrames(input, MAX_FRAME_BYTES)) {
    write(encodeAnswer(await answerOf(decodeJob(frame), thumbnailer)));
  }
}

async function answerOf(job: PictureJob, thumbnailer: Thumbnailer): Promise<PictureAnswer> {
  try {
    if (job.what === 'measure') {
      return { what: 'measured', picture: await thumbnailer.measure(job.bytes) };
    }
    const bytes = await thumbnailer.render(job.bytes, job.how);
    return bytes.length > MAX_PICTURE_BYTES
      ? { what: 'costly', reason: `${bytes.length} bytes` }
      : { what: 'rendered', bytes };
  } catch (error) {
    if (error instanceof CostlyPictureError) return { what: 'costly', reason: error.message };
    if (error instanceof BadPictureError) return { what: 'bad', reason: error.message };
    throw error;
  }
}
