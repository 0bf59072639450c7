/** A peer with a database of its own, a Redis of its own where it needs one, and one server process. */
import { join } from 'node:path';
import { type Crew, startCrew } from '../crew/crew.ts';
import { createEndings } from '../machine/endings.ts';
import { type BenchRedis, startBenchRedis } from '../machine/redis-server.ts';
import type { OrderServers } from '../orders/servers.ts';
import type { BenchContext } from '../scenario.ts';
import { type Contender, type OpenContender, SHOPPERS } from './contender.ts';
import { findOrders } from './found-orders.ts';
import type { PeerOrder, PeerReport } from './peer-notes.ts';

export interface PeerKind {
  readonly name: string;
  readonly label: string;
  readonly folder: 'tutorial' | 'update' | 'skip-locked';
  /** How it keeps its counter: as Redis comes, or with each change on the disk before it is answered; none without. */
  readonly redis: 'as it comes' | 'appendfsync always' | null;
}

/** What redis-server does without a file of settings: a snapshot now and then, no log. */
const AS_IT_COMES = { appendonly: 'no', appendfsync: 'everysec', save: '3600 1 300 100 60 10000' } as const;
let opened = 0;

export function peer(kind: PeerKind): Contender {
  const { name, label } = kind;
  return { name, label, isOurs: false, open: (context, servers) => openPeer(kind, context, servers) };
}

async function openPeer(
  kind: PeerKind,
  { folder, signal }: BenchContext,
  servers: OrderServers,
): Promise<OpenContender> {
  opened += 1;
  const databaseName = `peer_${process.pid}_${opened}`;
  const endings = createEndings();
  const { close } = endings;
  try {
    const redis = kind.redis === null ? undefined : await startRedis(folder, databaseName, kind.redis);
    if (redis !== undefined) endings.push(() => redis.stop());
    await servers.admin.query(`create database ${databaseName}`);
    endings.push(() => servers.admin.query(`drop database ${databaseName} with (force)`));
    const database = await servers.connect(databaseName);
    endings.push(() => database.end());
    const databaseUrl = servers.postgres.urlOf(databaseName);
    const start = () => startServer(kind, { databaseUrl, redisUrl: redis?.url ?? null, signal });
    let server = await start();
    endings.push(() => server.crew.end());
    return {
      pids: () => ({
        ...{ server: server.crew.pids, postgres: servers.postgres.pid },
        ...(redis === undefined ? {} : { redis: redis.pid }),
      }),
      async openSale(units) {
        const sku = `SNEAKER-${Date.now().toString(36)}`;
        const stocked = server.crew.reports('stocked');
        server.crew.order(() => ({ t: 'stock', sku, units }));
        await stocked;
        return {
          units,
          counter: () => ({ over: 'http', port: server.port, path: '/claims', sku, shoppers: SHOPPERS, line: null }),
          async left() {
            const counted = server.crew.reports('left');
            server.crew.order(() => ({ t: 'count', sku }));
            return (await counted)[0]?.units ?? 0;
          },
          orders: (told) => findOrders(database, { column: 'sku', value: sku }, told, signal),
        };
      },
      async crash() {
        for (const pid of server.crew.pids) process.kill(pid, 'SIGKILL');
        await server.crew.end();
      },
      async restart() {
        server = await start();
      },
      redisVersion: redis?.version,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startRedis(folder: string, name: string, how: NonNullable<PeerKind['redis']>): Promise<BenchRedis> {
  const redis = await startBenchRedis({ folder, name });
  if (how === 'as it comes') {
    for (const [setting, value] of Object.entries(AS_IT_COMES)) await redis.admin.config('SET', setting, value);
  }
  return redis;
}

interface Server {
  readonly crew: Crew<PeerOrder, PeerReport>;
  readonly port: number;
}

async function startServer(
  { folder }: PeerKind,
  { databaseUrl, redisUrl, signal }: { databaseUrl: string; redisUrl: string | null; signal: AbortSignal },
): Promise<Server> {
  const program = join(import.meta.dirname, folder, 'main.ts');
  const crew = startCrew<PeerOrder, PeerReport>({ program, count: 1, signal });
  try {
    const listening = crew.reports('listening');
    crew.order(() => ({ t: 'serve', databaseUrl, redisUrl }));
    return { crew, port: (await listening)[0]?.port ?? 0 };
  } catch (error) {
    await crew.end();
    throw error;
  }
}
