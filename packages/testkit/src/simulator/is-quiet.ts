import type { SimulatedNetwork } from './network/simulated-network.ts';
import { leftOvers } from './invariants/nothing-is-left-over.ts';
import type { SimulatedServer } from './servers/simulated-server.ts';

/** Whether nothing is on its way, and no server has anything left to do but wait. */
export function isQuiet(state: {
  readonly servers: readonly SimulatedServer[];
  readonly network: Pick<SimulatedNetwork, 'underWay'>;
  readonly workload: { readonly underWay: number };
}): boolean {
  const { servers, network, workload } = state;
  if (network.underWay > 0 || workload.underWay > 0) return false;
  return servers.every((server) => server.isUp && leftOvers(server).length === 0);
}
