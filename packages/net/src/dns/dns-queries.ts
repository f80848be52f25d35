/** Questions to DNS, each asked anew. Rejects with a `DnsError`. */
export interface DnsQueries {
  queryAddresses(host: string): Promise<DnsAnswer<string>>;
  /** SRV records; the name is that of the service, such as `_matrix-fed._tcp.a.example`. */
  queryServices(name: string): Promise<DnsAnswer<ServiceRecord>>;
}

export interface DnsAnswer<R> {
  /** At least one. */
  readonly records: readonly R[];
  /** How long they may be believed, in seconds. */
  readonly ttlS: number;
}

/** Source: RFC 2782. */
export interface ServiceRecord {
  /** Host name; empty where the service is decidedly not offered. */
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}
