import { withoutBrackets } from '@hansa/protocol';

const HTTPS_PORT = 443;

/** Where to connect to, and whom to expect there. */
export interface Endpoint {
  /** At least one; all answer for the same name, so it does not matter which of them is reached. */
  readonly targets: readonly Target[];
  /** Host name or IP address that the certificate must be for; a host name is sent as SNI. */
  readonly tlsName: string;
  /** `Host` header. */
  readonly hostHeader: string;
}

export interface Target {
  /** Host name, or IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** As SRV records have them: the lowest priority first, among equals the heavier ones more often. */
  readonly priority: number;
  readonly weight: number;
}

/** A place that no other stands beside. */
export function soleTarget(host: string, port: number): Target {
  return { host, port, priority: 0, weight: 0 };
}

/** Of an `https:` URL. */
export function endpointOfUrl(url: URL): Endpoint {
  const host = withoutBrackets(url.hostname);
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  return { targets: [soleTarget(host, port)], tlsName: host, hostHeader: url.host };
}

/** The same for endpoints whose connections may stand for one another, in whatever order their targets were read. */
export function keyOfEndpoint({ targets, tlsName }: Endpoint): string {
  const places = targets.map(({ host, port, priority, weight }) =>
    JSON.stringify([host, port, priority, weight]),
  );
  return JSON.stringify([tlsName, ...places.toSorted()]);
}
