import type { FederationPort } from '../federation-port.ts';
import type { WorkPorts } from '../work-ports.ts';
import type { InvitesUnderWay } from './invites-under-way.ts';

/** What it takes to get into rooms that only other servers know, and out of them. */
export interface ThresholdPorts extends WorkPorts {
  readonly federation: FederationPort;
  readonly invites: InvitesUnderWay;
}
