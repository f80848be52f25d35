import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { MxcUri, ServerName } from './brand.ts';
import { isServerName } from './server-name.ts';

const SCHEME = 'mxc://';
const MEDIA_ID_MAX_CHARS = 255;
const MEDIA_ID = /^[A-Za-z0-9_-]+$/;

/** Parts of `mxc://server/media`. */
export interface MxcUriParts {
  readonly server: ServerName;
  readonly mediaId: string;
}

/**
 * Address of a piece of media. The media id holds nothing that means something in a path.
 * Source: client-server API, "Matrix Content (`mxc://`) URIs" and its security considerations.
 */
export function parseMxcUri(text: string): Parsed<MxcUri> {
  return split(text) === undefined
    ? refused('ID-8.1', 'not mxc://server/media_id')
    : parsed(text as MxcUri);
}

export function isMxcUri(text: string): text is MxcUri {
  return split(text) !== undefined;
}

/** A media id as it stands in a path of the content repository. */
export function isMediaId(text: string): boolean {
  return text.length <= MEDIA_ID_MAX_CHARS && MEDIA_ID.test(text);
}

export function splitMxcUri(uri: MxcUri): MxcUriParts {
  const parts = split(uri);
  if (parts === undefined) throw new TypeError(`not an mxc URI: ${JSON.stringify(uri)}`);
  return parts;
}

function split(text: string): MxcUriParts | undefined {
  if (!text.startsWith(SCHEME)) return undefined;
  const slash = text.indexOf('/', SCHEME.length);
  if (slash === -1) return undefined;
  const server = text.slice(SCHEME.length, slash);
  const mediaId = text.slice(slash + 1);
  return isServerName(server) && isMediaId(mediaId) ? { server, mediaId } : undefined;
}
