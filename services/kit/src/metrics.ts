/** Prometheus metrics on a registry of their own per process, never the library's global one. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from '@prometheus-io/client';

export interface Metrics {
  /** Counts up; `labels` are names, given by value at `inc`. */
  counter<Label extends string>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  /** A value that goes up and down; `collect` is asked at each scrape. */
  gauge<Label extends string>(name: string, help: string, labels?: readonly Label[], collect?: () => Promise<number> | number): Gauge<Label>;
  /** Seconds, with buckets from 5 ms to 60 s unless given. */
  histogram<Label extends string>(name: string, help: string, labels?: readonly Label[], bucketsSeconds?: number[]): Histogram<Label>;
  /** Text of GET /metrics. */
  text(): Promise<string>;
  contentType: string;
}

const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** A registry with Node's own metrics. Names get the prefix `hub_`; times are in seconds, as Prometheus wants it. */
export function createMetrics(options: { processName: string; defaults?: boolean }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.processName });
  if (options.defaults !== false) collectDefaultMetrics({ register: registry, prefix: 'hub_' });
  const registers = [registry];
  return {
    counter: (name, help, labels = []) => new Counter({ name: `hub_${name}`, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = [], collect) =>
      new Gauge({
        name: `hub_${name}`,
        help,
        labelNames: [...labels],
        registers,
        ...(collect === undefined
          ? {}
          : {
              async collect() {
                this.set(await collect());
              },
            }),
      }),
    histogram: (name, help, labels = [], bucketsSeconds = defaultBuckets) =>
      new Histogram({ name: `hub_${name}`, help, labelNames: [...labels], buckets: bucketsSeconds, registers }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
