import { RemoteServerError } from '@hansa/net';
import { ALLOWED, parseVerifyKey, requiredSignatures, verifyEventSignature } from '@hansa/protocol';
import type { Decision, EventId, JsonObject, Pdu, ServerName } from '@hansa/protocol';
import type { FederationPort, SignatureChecker } from '../federation-port.ts';
import { ManualTime } from './manual-time.ts';
import { remotePort } from './remote-port.ts';
import { TestServer, type TestServerOptions } from './test-server.ts';

const PAGE = 50;

/** Engines that talk with each other by function calls, with real signatures. */
export class TestNetwork {
  readonly time = new ManualTime();
  readonly signatures: SignatureChecker = {
    check: async (pdu, notaries) => this.#check(pdu, notaries ?? []),
  };
  /** Servers that nobody reaches, and that reach nobody. */
  readonly offline = new Set<ServerName>();
  /** Routes, `from to`, on which transactions are lost for now; everything else passes. */
  readonly cut = new Set<string>();
  /** Kinds of requests that nobody answers. */
  readonly silent = new Set<string>();
  /** Events that no request is answered with. */
  readonly withheld = new Set<EventId>();
  /** Servers whose keys cannot be had. */
  readonly keyless = new Set<ServerName>();
  /** Servers that have the keys of all others, for who asks them. */
  readonly notaries = new Set<ServerName>();
  /** Events whose signatures were looked at. */
  readonly checked = new Set<EventId>();
  /** What was asked of whom. */
  readonly requests: string[] = [];
  readonly #servers = new Map<ServerName, TestServer>();
  readonly #cursors = new Map<string, number>();
  readonly #interceptions = new Map<string, () => Promise<void>>();

  async addServer(name: string, options: TestServerOptions = {}): Promise<TestServer> {
    const serverName = name as ServerName;
    const { time, signatures } = this;
    const federation = this.portOf(serverName);
    const server = new TestServer(serverName, { time, signatures, federation }, options);
    this.#servers.set(serverName, server);
    await server.start();
    return server;
  }

  /** One of each name, in that order. */
  async addServers<Names extends readonly string[]>(
    ...names: Names
  ): Promise<{ -readonly [Index in keyof Names]: TestServer }> {
    const servers: TestServer[] = [];
    for (const name of names) servers.push(await this.addServer(name));
    return servers as { -readonly [Index in keyof Names]: TestServer };
  }

  get servers(): Iterable<TestServer> {
    return this.#servers.values();
  }

  /** Stops all, and throws when something went wrong that no test has asked about. */
  async close(): Promise<void> {
    const problems: string[] = [];
    for (const server of this.#servers.values()) {
      problems.push(...server.problems);
      await server.crash();
    }
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  portOf(caller: ServerName): FederationPort {
    return remotePort(
      caller,
      (target, request) => this.reach(caller, target, request),
      (request) => this.answered(request),
      this.withheld,
    );
  }

  /** Calls back once, when the next request of this kind has been worked on and before its answer arrives. */
  intercept(request: string, callback: () => Promise<void>): void {
    this.#interceptions.set(request, callback);
  }

  async answered(request: string): Promise<void> {
    const callback = this.#interceptions.get(request);
    this.#interceptions.delete(request);
    await callback?.();
  }

  /** The server called, if it can be reached. */
  reach(caller: ServerName, target: ServerName, request: string): TestServer {
    this.requests.push(`${caller} → ${target}: ${request}`);
    const server = this.#servers.get(target);
    const isAway = this.offline.has(target) || this.offline.has(caller);
    if (server === undefined || isAway || this.silent.has(request)) {
      const details = { server: target, reachable: false, transient: true };
      throw new RemoteServerError(`${target} cannot be reached`, details);
    }
    return server;
  }

  /** Delivers what is due, everywhere, until nothing is. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      let delivered = 0;
      for (const from of this.#servers.values()) {
        for (const to of this.#servers.values()) {
          if (from !== to) delivered += await this.#deliver(from, to);
        }
      }
      await this.idle();
      if (delivered === 0) return;
    }
    throw new Error('the servers do not come to rest');
  }

  /** Lets everything run that waits for nothing but other work. */
  async idle(): Promise<void> {
    for (let turns = 0; turns < 50; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** An event as it arrives by a transaction. */
  inTransaction(event: JsonObject): JsonObject {
    return event;
  }

  /** What is due on a route is taken as delivered, without being delivered. */
  async lose(from: TestServer, to: TestServer): Promise<void> {
    const position = await from.store.readers.position();
    this.#cursors.set(`${from.name} ${to.name}`, position);
  }

  async #deliver(from: TestServer, to: TestServer): Promise<number> {
    if (this.offline.has(from.name) || this.offline.has(to.name)) return 0;
    const route = `${from.name} ${to.name}`;
    if (this.cut.has(route)) return 0;
    const after = this.#cursors.get(route) ?? 0;
    const due = await from.store.readers.destinations.listDue({
      server: to.name,
      after,
      limit: PAGE,
    });
    if (due.events.length > 0) {
      const pdus = due.events.map(({ pdu }) => this.inTransaction(pdu.json));
      await to.engine.receive(from.name, pdus);
    }
    this.#cursors.set(route, due.upTo);
    return due.events.length;
  }

  #check(
    pdu: Pdu,
    notaries: readonly ServerName[],
  ): Awaited<ReturnType<SignatureChecker['check']>> {
    this.checked.add(pdu.eventId);
    for (const name of requiredSignatures(pdu)) {
      if (this.keyless.has(name) && !notaries.some((notary) => this.notaries.has(notary))) {
        return { ok: 'unavailable', reason: `no keys of ${name}` };
      }
      const decision = this.#verify(pdu, name);
      if (!decision.ok) return decision;
    }
    return ALLOWED;
  }

  #verify(pdu: Pdu, name: ServerName): Decision {
    const server = this.#servers.get(name);
    if (server === undefined) return { ok: false, rule: 'SIG-8', reason: `no server ${name}` };
    const key = parseVerifyKey(server.key.publicKey);
    if (!key.ok) return key;
    return verifyEventSignature(pdu.json, pdu.rules, name, server.key.keyId, key.value);
  }
}
