/** The load and the switches of a store process, with what the operator sees of them. */
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { createFlags, type Flags, followFlags } from '../flags/flags.ts';
import { LOAD_LEVELS, type LoadMonitor, startLoadMonitor } from './load.ts';
import type { PressureMetrics } from './priority.ts';

export interface Pressure {
  readonly load: LoadMonitor;
  readonly flags: Flags;
  readonly metrics: PressureMetrics;
  stop(): Promise<void>;
}

export function startPressure(options: {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly log: Logger;
}): Pressure {
  const { database, databaseUrl, metrics, log } = options;
  const shed = metrics.counter({
    name: 'dropgate_store_shed_total',
    help: 'Answers that did without something, by what.',
    labels: ['feature'] as const,
  });
  const refused = metrics.counter({
    name: 'dropgate_store_refused_total',
    help: 'Requests that an overloaded store refused at once, by priority.',
    labels: ['priority'] as const,
  });
  const load = startLoadMonitor({
    databaseWaiting: () => database.waitingCount,
    onChange: (level, sample) => {
      const line = { level, ...sample };
      if (level === 'calm') log.info(line, 'the store is calm again');
      else log.warn(line, `the store is ${level}`);
    },
  });
  const level = metrics.gauge({
    name: 'dropgate_store_load_level',
    help: '0 calm, 1 strained, 2 overloaded, 3 critical.',
    collect() {
      level.set(LOAD_LEVELS.indexOf(load.level));
    },
  });
  const own = connectPostgres({ url: databaseUrl, max: 1, name: 'store-flags', log });
  const flags = createFlags({ database: own, load, onShed: (feature) => shed.inc({ feature }) });
  const following = followFlags(flags, log);
  return {
    load,
    flags,
    metrics: { refused: (priority) => refused.inc({ priority }) },
    async stop() {
      load.stop();
      await following.stop();
      await own.end();
    },
  };
}
