import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/** @throws Error saying what is wrong, for a certificate that cannot be read */
export function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw new Error('there is no certificate in it (PEM)', { cause: error });
  }
}

/** @throws Error saying what is wrong, for a key that cannot be read or is that of another certificate */
export function checkIdentity({ key, cert }: TlsIdentity): void {
  try {
    createSecureContext({ key, cert });
  } catch (error) {
    throw new Error('it is not the private key of the certificate (PEM)', { cause: error });
  }
}
