import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { splitServerName, withoutBrackets } from '@hansa/protocol';
import type { Installation } from './load-installation.ts';

interface Shown {
  readonly setting: readonly string[];
  /** PEM. */
  readonly certificate: string | undefined;
  /** Host name, or IP address without brackets, that it is to be for. */
  readonly name: string | undefined;
  readonly to: string;
  /** What would make another name right. */
  readonly unless: string;
}

/**
 * Sentences, with their places in the configuration file, about certificates that others will not accept. They do not
 * hinder a start: a certificate is renewed while a workspace runs, and a name may be right by what stands elsewhere.
 * @param now milliseconds since the epoch
 */
export function listCertificateFaults(installation: Installation, now: number): readonly string[] {
  return shownBy(installation).flatMap((shown) => {
    const { certificate: pem, setting } = shown;
    if (pem === undefined) return [];
    const certificate = new X509Certificate(pem);
    return [findPeriodFault(certificate, now, shown), findNameFault(certificate, shown)]
      .filter((fault) => fault !== undefined)
      .map((fault) => `"${setting.join('.')}": ${fault}.`)
      .map((sentence) => installation.document.errorAt(setting, sentence).message);
  });
}

function shownBy({ config, clientTls, federationTls }: Installation): readonly Shown[] {
  const publicUrl = config.publicUrl === undefined ? null : URL.parse(config.publicUrl);
  const { kind, host, port } = splitServerName(config.serverName);
  const wellKnown = `, unless https://${host}/.well-known/matrix/server leads them to a name that it has`;
  return [
    {
      setting: ['client', 'tls', 'certificate'],
      certificate: clientTls?.cert,
      name: publicUrl === null ? undefined : withoutBrackets(publicUrl.hostname),
      to: 'clients',
      unless: '',
    },
    {
      setting: ['federation', 'listen', 'tls', 'certificate'],
      certificate: federationTls?.cert,
      name: withoutBrackets(host),
      to: 'other servers',
      // Nobody asks for it where the name is an address or has a port.
      unless: kind === 'dns' && port === undefined ? wellKnown : '',
    },
  ];
}

function findPeriodFault(
  { validFromDate, validToDate }: X509Certificate,
  now: number,
  { to }: Shown,
): string | undefined {
  if (now > validToDate.getTime()) {
    return `the certificate expired on ${dayOf(validToDate)}: ${to} will not accept it`;
  }
  if (now < validFromDate.getTime()) {
    return `the certificate is not valid before ${dayOf(validFromDate)}: ${to} will not accept it`;
  }
  return undefined;
}

function findNameFault(
  certificate: X509Certificate,
  { name, to, unless }: Shown,
): string | undefined {
  if (name === undefined) return undefined;
  const matching = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (matching !== undefined) return undefined;
  const names = certificate.subjectAltName ?? certificate.subject.replaceAll('\n', ', ');
  return `the certificate is for ${names}, and not for ${name}: ${to} will not accept it${unless}`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
