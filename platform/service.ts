import { type Clock, systemClock } from './clock.ts';
import { type Config, ConfigError, type Environment, loadConfig } from './config/load.ts';
import type { VariableName } from './config/variables.ts';
import { type Check, createReadiness, type ReadinessReport } from './health.ts';
import { createLogger, type Logger } from './logging/logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { startOpsServer } from './ops-server.ts';
import { createServiceEnd, EXIT, type ServiceEnd } from './service-end.ts';
import type { ServiceProcess } from './service-process.ts';
import { startTracing } from './tracing/start-tracing.ts';
import { NO_TRACING, type Tracing } from './tracing/tracing.ts';

export type { ServiceProcess } from './service-process.ts';

const EVERY_SERVICE = [
  ...(['OPS_HOST', 'OPS_PORT', 'LOG_LEVEL', 'NODE_ENV', 'SHUTDOWN_TIMEOUT_MS'] as const),
  ...(['TRACES_URL', 'TRACES_ONE_IN'] as const),
] as const;
type EveryService = (typeof EVERY_SERVICE)[number];

export interface ServiceContext<N extends VariableName> {
  readonly config: Config<N | EveryService>;
  /** For what has no fixed name, such as the Redis of each region; everything else is in `config`. */
  readonly env: Environment;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Where the time of single orders goes. */
  readonly tracing: Tracing;
  /** Aborted as soon as the service has to stop, for whatever reason. */
  readonly stopping: AbortSignal;
  /** Called when the service stops, the last registered first, all within SHUTDOWN_TIMEOUT_MS. */
  onStop(name: string, fn: () => Promise<void> | void): void;
  /** Without it the process cannot work, unless the check says that it can: /ready tells. */
  addCheck(check: Check): void;
  /** What /ready of the ops server says, for services that answer it on their own port as well. */
  readiness(): Promise<ReadinessReport>;
  /** The service cannot go on: it is stopped in order and exits with 1. */
  fail(error: unknown): void;
}

export interface Started {
  /** What listens where, for the `ready` line: `{ edge: 'ws://127.0.0.1:8080' }`. */
  readonly addresses?: Readonly<Record<string, string>>;
}

export interface ServiceOptions<N extends VariableName> {
  readonly name: string;
  readonly variables: readonly N[];
  // biome-ignore lint/suspicious/noConfusingVoidType: a start that has nothing to tell returns nothing.
  start(context: ServiceContext<N>): Promise<Started | void>;
  readonly clock?: Clock;
  /** Where the log goes, standard output unless given. */
  readonly logDestination?: { write(line: string): void };
}

/**
 * The life of a process: configuration, ops server, start, and one orderly end whatever its cause.
 * A main.ts is `await runService(process, { name, variables, start })`, or what calls it, and nothing else. Resolves when it has ended.
 */
export async function runService<const N extends VariableName>(
  process: ServiceProcess,
  options: ServiceOptions<N>,
): Promise<void> {
  let config: Config<EveryService>;
  let wholeConfig: Config<N | EveryService>;
  try {
    wholeConfig = loadConfig(process.env, [...EVERY_SERVICE, ...options.variables]);
    config = wholeConfig;
  } catch (error) {
    refuseConfig(process, error);
    return;
  }
  const { name, clock = systemClock, logDestination } = options;
  const log = createLogger({
    name,
    level: config.LOG_LEVEL,
    ...(logDestination === undefined ? {} : { destination: logDestination }),
  });
  const starting = Promise.withResolvers<void>();
  const end = createServiceEnd({
    process,
    log,
    clock,
    timeoutMs: config.SHUTDOWN_TIMEOUT_MS,
    settled: () => starting.promise,
  });
  try {
    await start({ options, config: wholeConfig, process, log, clock, end });
  } catch (error) {
    failStart(process, end, error);
  } finally {
    starting.resolve();
  }
  await end.ended;
}

async function start<N extends VariableName>(parts: {
  options: ServiceOptions<N>;
  config: Config<N | EveryService>;
  process: ServiceProcess;
  log: Logger;
  clock: Clock;
  end: ServiceEnd;
}): Promise<void> {
  const { options, config, process, log, clock, end } = parts;
  const { OPS_HOST: host, OPS_PORT: port }: Config<EveryService> = config;
  const metrics = createMetrics(options.name);
  const readiness = createReadiness({ clock });
  let started = false;
  readiness.add({ name: 'start', check: async () => mustBeStarted(started) });
  const ops = await startOpsServer({
    host,
    port,
    readiness,
    metrics,
    log,
    isStopping: () => end.stopping.aborted,
  });
  // Registered first, so stopped last: a probe is answered until the end.
  end.onStop('ops server', () => ops.close());
  const { TRACES_URL: url, TRACES_ONE_IN: oneIn }: Config<EveryService> = config;
  const tracing = await startTracing({ process: options.name, url, oneIn, log });
  if (tracing !== NO_TRACING) end.onStop('traces', () => tracing.close());
  const result = await options.start({
    config,
    env: process.env,
    log,
    clock,
    metrics,
    tracing,
    stopping: end.stopping,
    onStop: (name, fn) => end.onStop(name, fn),
    addCheck: (check) => readiness.add(check),
    readiness: () => readiness.report(),
    fail: (error) => end.fail(error, 'the service cannot go on'),
  });
  if (end.stopping.aborted) return;
  started = true;
  const listening = { ops: ops.url, ...result?.addresses };
  log.info({ listening }, 'ready');
  if (process.connected === true) process.send?.({ type: 'ready', service: options.name, listening });
}

function mustBeStarted(started: boolean): void {
  if (!started) throw new Error('still starting');
}

function failStart(process: ServiceProcess, end: ServiceEnd, error: unknown): void {
  // Its connections were closed under its hands: that a start fails while stopping is no news.
  if (end.stopping.aborted) return;
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    end.stop('the configuration is wrong', EXIT.badConfig);
    return;
  }
  end.fail(error, 'the service could not start');
}

function refuseConfig(process: ServiceProcess, error: unknown): void {
  // The log's own level and the rest of the configuration are what is wrong, so this is for whoever reads the terminal.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? EXIT.badConfig : EXIT.failed);
}
