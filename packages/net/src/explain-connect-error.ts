/** By the codes of the system, of OpenSSL and of Node. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it hung up',
  EPIPE: 'it hung up',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
};

/** Of a chain that ends at an authority which we do not have. */
const NOT_TRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Of an answer that is no TLS record. */
const NO_TLS: ReadonlySet<string> = new Set([
  'EPROTO',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/**
 * Why there is no TLS connection to any address of a host, in words for the operator of this server.
 * `tlsName`: whom we expected there.
 */
export function explainConnectErrors(errors: readonly unknown[], tlsName: string): string {
  return [...new Set(errors.map((error) => explain(error, tlsName)))].join(', ');
}

function explain(error: unknown, tlsName: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is not for ${tlsName}`;
  if (NOT_TRUSTED.has(code)) {
    return 'its certificate is of no authority that is trusted here: see "federation.certificateAuthorities"';
  }
  if (NO_TLS.has(code)) return "it does not speak TLS there; is it the clients' port?";
  return EXPLANATIONS[code] ?? message;
}
