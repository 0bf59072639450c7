import { join } from 'node:path';
import { startKafka } from '../servers/kafka.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import type { ServerName } from '../servers/server.ts';
import type { Settings } from './settings.ts';
import type { Unit } from './supervisor.ts';

export interface LocalServerOptions {
  readonly settings: Settings;
  readonly postgresPassword: string;
  onSpawn(name: ServerName, pid: number): void;
  onAddress(name: ServerName, address: string): void;
}

export const DATABASE = 'dropgate';

export function partsDir(dataDir: string): string {
  return join(dataDir, 'parts');
}

export function logFileOf(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}

/** A server of ours as something that the supervisor can keep running, on the same data each time. */
export function localServer(name: ServerName, options: LocalServerOptions): Unit {
  const { config, dataDir } = options.settings;
  const common = (signal: AbortSignal) => ({
    dataDir: join(dataDir, name),
    logFile: logFileOf(dataDir, name),
    signal,
    onSpawn: (pid: number) => options.onSpawn(name, pid),
  });
  const starts = {
    redis: (signal: AbortSignal) => startRedis({ ...common(signal), port: config.LOCAL_REDIS_PORT }),
    kafka: (signal: AbortSignal) =>
      startKafka({
        ...common(signal),
        port: config.LOCAL_KAFKA_PORT,
        controllerPort: config.LOCAL_KAFKA_CONTROLLER_PORT,
        partsDir: partsDir(dataDir),
      }),
    postgres: (signal: AbortSignal) =>
      startPostgres({
        ...common(signal),
        port: config.LOCAL_POSTGRES_PORT,
        password: options.postgresPassword,
        database: DATABASE,
      }),
  };
  return {
    name,
    start: async (signal) => {
      const server = await starts[name](signal);
      options.onAddress(name, server.address);
      return server;
    },
  };
}
