import type { Gauges, Measures } from './measures.ts';

export interface Metrics {
  readonly measures: Measures;
  /** Looked at whenever somebody asks. */
  watch(gauges: Gauges): void;
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Answers and commits: from a millisecond to a minute, as `/sync` waits so long. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics of one workspace, with those of its process (memory, event-loop lag, garbage collection). */
export async function createMetrics(): Promise<Metrics> {
  // Who measures nothing does not load it.
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } =
    await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'hansa_http_request_seconds',
    help: 'Requests by method, route and status, and how long each took; those to /sync wait for news.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers,
  });
  const commits = new Histogram({
    name: 'hansa_commit_seconds',
    help: 'From handing in a part until it was durable.',
    buckets: SECONDS,
    registers,
  });
  const appended = new Counter({
    name: 'hansa_events_stored_total',
    help: 'Events that became durable, by verdict.',
    labelNames: ['verdict'] as const,
    registers,
  });
  const received = new Counter({
    name: 'hansa_pdus_received_total',
    help: 'Events that other servers sent: accepted (or kept until what is missing has come) and refused.',
    labelNames: ['result'] as const,
    registers,
  });
  const sent = new Counter({
    name: 'hansa_pdus_sent_total',
    help: 'Events that other servers were sent, once for each attempt and server.',
    labelNames: ['result'] as const,
    registers,
  });
  return {
    measures: {
      answered: ({ method, route, status, seconds }) =>
        requests.observe({ method, route, status }, seconds),
      committed(seconds, verdicts) {
        commits.observe(seconds);
        for (const verdict of verdicts) appended.inc({ verdict });
      },
      received(pdus) {
        for (const refused of pdus.values())
          received.inc({ result: refused === undefined ? 'accepted' : 'refused' });
      },
      sent: (result, pdus) => sent.inc({ result }, pdus),
    },
    watch(gauges) {
      new Gauge({
        name: 'hansa_outbox_lanes',
        help: 'Servers to which something is on its way (sending) or that are left alone for now (backing-off).',
        labelNames: ['state'] as const,
        registers,
        collect() {
          for (const [state, count] of Object.entries(gauges.countLanes()))
            this.set({ state }, count);
        },
      });
      new Gauge({
        name: 'hansa_sync_waiters',
        help: 'Requests to /sync that wait for news.',
        registers,
        collect() {
          this.set(gauges.countSyncWaiters());
        },
      });
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
