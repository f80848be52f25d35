import type { AnswerBody } from '../http/index.ts';
import type { DiskReader } from './media-disk.ts';

/** The bytes of an open file from `start` up to `end`, to be sent. */
export function streamFile(file: DiskReader, start = 0, end = file.sizeBytes): AnswerBody {
  return { bytes: file.stream(start, end), close: () => file.close() };
}

/** A file with what is said of it when it is sent. */
export interface OpenFile {
  readonly contentType: string;
  /** `Content-Disposition` whole. */
  readonly disposition: string;
  readonly file: DiskReader;
}
