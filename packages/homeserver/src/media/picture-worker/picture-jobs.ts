import type { Picture, Rendering } from '../thumbnailer.ts';
import { encodeHead, type Frame } from './frames.ts';

/** Of a picture, either way. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;
const SIZE_BYTES = 8;
const PICTURE_BYTES = 12;
/** Of a frame, either way. */
export const MAX_FRAME_BYTES = MAX_PICTURE_BYTES + SIZE_BYTES;
const MAX_REASON_CHARS = 1_000;

const JOB = { measure: 1, render: 2, renderMoving: 3 } as const;
const ANSWER = { ready: 0, measured: 1, rendered: 2, bad: 3, costly: 4 } as const;

export type PictureJob =
  | { readonly what: 'measure'; readonly bytes: Uint8Array }
  | { readonly what: 'render'; readonly bytes: Uint8Array; readonly how: Rendering };

export type PictureAnswer =
  /** Said once, at the start. */
  | { readonly what: 'ready' }
  | { readonly what: 'measured'; readonly picture: Picture }
  | { readonly what: 'rendered'; readonly bytes: Uint8Array }
  | { readonly what: 'bad' | 'costly'; readonly reason: string };

/** In pieces, so that no picture is copied to be sent. */
export type Pieces = readonly Uint8Array[];

export function encodeJob(job: PictureJob): Pieces {
  const { bytes } = job;
  if (job.what === 'measure') return [encodeHead(JOB.measure, bytes.length), bytes];
  const { size, animated } = job.how;
  const kind = animated ? JOB.renderMoving : JOB.render;
  return [
    encodeHead(kind, SIZE_BYTES + bytes.length),
    encodeNumbers(size.width, size.height),
    bytes,
  ];
}

/** @throws where it is none: the other side is not what it should be */
export function decodeJob({ kind, payload }: Frame): PictureJob {
  if (kind === JOB.measure) return { what: 'measure', bytes: payload };
  if (kind !== JOB.render && kind !== JOB.renderMoving) throw new Error(`a job of kind ${kind}`);
  const size = { width: payload.readUInt32BE(0), height: payload.readUInt32BE(4) };
  const how = { size, animated: kind === JOB.renderMoving };
  return { what: 'render', bytes: payload.subarray(SIZE_BYTES), how };
}

export function encodeAnswer(answer: PictureAnswer): Pieces {
  switch (answer.what) {
    case 'ready':
      return [encodeHead(ANSWER.ready, 0)];
    case 'measured': {
      const { width, height, frames } = answer.picture;
      return [encodeHead(ANSWER.measured, PICTURE_BYTES), encodeNumbers(width, height, frames)];
    }
    case 'rendered':
      return [encodeHead(ANSWER.rendered, answer.bytes.length), answer.bytes];
    case 'bad':
    case 'costly': {
      const reason = Buffer.from(answer.reason.slice(0, MAX_REASON_CHARS));
      return [encodeHead(ANSWER[answer.what], reason.length), reason];
    }
  }
}

/** @throws where it is none: the other side is not what it should be */
export function decodeAnswer({ kind, payload }: Frame): PictureAnswer {
  switch (kind) {
    case ANSWER.ready:
      return { what: 'ready' };
    case ANSWER.measured: {
      const [width, height, frames] = [0, 4, 8].map((at) => payload.readUInt32BE(at));
      if (!width || !height || !frames) throw new Error('a picture without a size');
      return { what: 'measured', picture: { width, height, frames } };
    }
    case ANSWER.rendered:
      return { what: 'rendered', bytes: payload };
    case ANSWER.bad:
    case ANSWER.costly: {
      const reason = payload.toString('utf8').slice(0, MAX_REASON_CHARS);
      return { what: kind === ANSWER.bad ? 'bad' : 'costly', reason };
    }
    default:
      throw new Error(`an answer of kind ${kind}`);
  }
}

function encodeNumbers(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * at);
  return bytes;
}
