/** Source: client-server API, "Content repository". */
const CONTENT_SECURITY_POLICY =
  "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src 'unsafe-inline'; object-src 'self';";

/** What stands on every file that people are sent, so that none of it runs, whatever it is. */
export function mediaHeaders(served: {
  readonly contentType: string;
  /** `Content-Disposition` whole. */
  readonly disposition: string;
  readonly sizeBytes: number;
}): Readonly<Record<string, string>> {
  return {
    'content-type': served.contentType,
    'content-length': String(served.sizeBytes),
    'content-disposition': served.disposition,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // An address never gets other content. It is for those who showed a token, so no cache that others share keeps it.
    'cache-control': 'private, max-age=31536000, immutable',
  };
}
