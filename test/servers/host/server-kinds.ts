import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServer } from '../../../scripts/servers/server.ts';
import { takePort } from './ports.ts';
import type { ServerKind } from './protocol.ts';

/** Where a server lives. Kept over a restart, so that it comes back with its data where its clients look for it. */
export interface Place {
  readonly kind: ServerKind;
  readonly dataDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** Kafka's jars outlive the run: they are fetched once. */
const partsDir = join(import.meta.dirname, '../../../.dropgate/parts');

export async function makePlace(kind: ServerKind, folder: string): Promise<Place> {
  const dataDir = join(folder, 'data');
  // PostgreSQL refuses to run as root, so its own user has to pass through this folder.
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return {
    kind,
    dataDir,
    logFile: join(folder, `${kind}.log`),
    port: await takePort(),
    controllerPort: await takePort(),
  };
}

/** Loads only what it starts: most runs need one or two of the three. `signal` gives up a start that is under way. */
export async function startServer(place: Place, signal: AbortSignal): Promise<LocalServer> {
  const { dataDir, logFile, port, controllerPort } = place;
  switch (place.kind) {
    case 'redis': {
      const { startRedis } = await import('../../../scripts/servers/redis.ts');
      return startRedis({ dataDir, port, logFile, signal });
    }
    case 'kafka': {
      const { startKafka } = await import('../../../scripts/servers/kafka.ts');
      return startKafka({ partsDir, dataDir, port, controllerPort, logFile, jvm, signal });
    }
    case 'postgres': {
      const { startPostgres } = await import('../../../scripts/servers/postgres.ts');
      return startPostgres({ dataDir, port, logFile, password: 'test', database: 'dropgate', settings, signal });
    }
  }
}

/** One that lives for minutes is not worth the second compiler: a start takes 4.4 s of CPU time instead of 6.5 s. */
const jvm = ['-XX:TieredStopAtLevel=1'];

/** The data ends with the run, and a killed server (not a killed machine) loses nothing without fsync. */
const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '300' };
