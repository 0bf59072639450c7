import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram } from 'prom-client';

/** From a claim in Redis (well under a millisecond) to a payment provider that hardly answers. */
export const LATENCY_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

export interface MetricOptions<L extends string> {
  readonly name: `dropgate_${string}`;
  readonly help: string;
  /** Names of few, known values only: never an id, never what a client sent. */
  readonly labels?: readonly L[];
}

export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(options: MetricOptions<L>): Counter<L>;
  /** With `collect`, read when the metrics are asked for. */
  gauge<L extends string = never>(options: MetricOptions<L> & { collect?(): void | Promise<void> }): Gauge<L>;
  /** In seconds, with LATENCY_BUCKETS_SECONDS unless told otherwise. */
  histogram<L extends string = never>(
    options: MetricOptions<L> & { readonly buckets?: readonly number[] },
  ): Histogram<L>;
}

/** A registry of its own for each process, with Node's own figures (memory, event-loop delay, garbage collection). */
export function createMetrics(processName: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName });
  collectDefaultMetrics({ register: registry });
  const base = <L extends string>({ name, help, labels }: MetricOptions<L>) => ({
    name,
    help,
    labelNames: labels ?? [],
    registers: [registry],
  });
  return {
    registry,
    counter: (options) => new Counter(base(options)),
    gauge: ({ collect, ...options }) =>
      new Gauge({ ...base(options), ...(collect === undefined ? {} : { collect: () => collect() }) }),
    histogram: (options) =>
      new Histogram({ ...base(options), buckets: [...(options.buckets ?? LATENCY_BUCKETS_SECONDS)] }),
  };
}
