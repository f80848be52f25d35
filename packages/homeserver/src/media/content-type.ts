import type { Media } from '@hansa/storage';
import { readParameterHeader } from './header-parameters.ts';

const UNKNOWN_TYPE = 'application/octet-stream';
const MAX_TYPE_CHARS = 255;
const PRINTABLE = /^[\t\x20-\x7e]*$/;

/** Types that browsers show in place. Source: client-server API, "Serving inline content". */
const INLINE: ReadonlySet<string> = new Set(
  `text/css text/plain text/csv application/json application/ld+json
  image/jpeg image/gif image/png image/apng image/webp image/avif
  video/mp4 video/webm video/ogg video/quicktime
  audio/mp4 audio/webm audio/aac audio/mpeg audio/ogg
  audio/wave audio/wav audio/x-wav audio/x-pn-wav audio/flac audio/x-flac`.split(/\s+/),
);

/** A declared type as it is kept: what is none is of unknown type. */
export function declaredType(header: string | undefined): string {
  if (header === undefined || header.length > MAX_TYPE_CHARS || !PRINTABLE.test(header)) {
    return UNKNOWN_TYPE;
  }
  return readParameterHeader(header)?.value.includes('/') === true ? header.trim() : UNKNOWN_TYPE;
}

export interface ServedType {
  readonly contentType: string;
  readonly disposition: 'inline' | 'attachment';
}

/**
 * How media are sent. What was declared as an image that browsers show and is none is of unknown type: "obviously wrong",
 * as the specification has it.
 */
export function servedType({
  contentType,
  imageType,
}: Pick<Media, 'contentType' | 'imageType'>): ServedType {
  const type = readParameterHeader(contentType)?.value ?? UNKNOWN_TYPE;
  if (!INLINE.has(type)) return { contentType, disposition: 'attachment' };
  if (type.startsWith('image/') && !isSameImage(type, imageType)) {
    return { contentType: UNKNOWN_TYPE, disposition: 'attachment' };
  }
  return { contentType, disposition: 'inline' };
}

/** An animated PNG is a PNG. */
function isSameImage(declared: string, found: string | undefined): boolean {
  const plain = (type: string | undefined) => (type === 'image/apng' ? 'image/png' : type);
  return plain(declared) === plain(found);
}
