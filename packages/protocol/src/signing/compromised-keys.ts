/** Public halves, as unpadded Base64, of keys whose secret halves anybody can look up. */
const COMPROMISED: ReadonlySet<string> = new Set([
  // Matrix specification, appendices, "Cryptographic Test Vectors".
  'XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI',
  // RFC 8032, section 7.1: tests 1, 2, 3, 1024 and SHA(abc).
  '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw',
  '/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU',
  'J4EX/BRMcjQPZ9DyMW6Dhs7/vyskKMnFH+98WX8dQm4',
  '7Bcrk61eVjv0kyxw4SRQNMNUZ+8u/U1k6/gZaDRn4r8',
  // Of 32 zero bytes: what a file or memory holds that nobody has filled.
  'O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik',
]);

/**
 * Whether everybody has the secret half of a public key (unpadded Base64), so that what it signs anybody may have signed.
 * Servers have been run with such keys: CVE-2026-24044.
 */
export function isCompromised(publicKey: string): boolean {
  return COMPROMISED.has(publicKey);
}
