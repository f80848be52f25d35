import type { ServerName } from '@hansa/protocol';
import type { FederationPort } from '../federation-port.ts';
import { TestNetwork } from './test-network.ts';

/** One in which some questions are answered by whoever lies. */
export class LyingNetwork extends TestNetwork {
  lies: Partial<FederationPort> = {};

  override portOf(caller: ServerName): FederationPort {
    return new Proxy(super.portOf(caller), {
      get: (port, question: keyof FederationPort) => this.lies[question] ?? port[question],
    });
  }

  /** For lies that tell the truth to some. */
  honestPortOf(caller: ServerName): FederationPort {
    return super.portOf(caller);
  }
}
