import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { freePort } from '../../scripts/servers/ports.ts';
import { startRedis } from '../../scripts/servers/redis.ts';
import type { LocalServer } from '../../scripts/servers/server.ts';
import { eventually } from './eventually.ts';
import { FromBeforeAll } from './from-before-all.ts';

const SLOTS = 16_384;
const NODES = 3;
const WITHIN_MS = 60_000;

export interface TestCluster {
  /** The address of one node. */
  readonly url: string;
  /** A connection to each node itself. */
  readonly nodes: readonly Redis[];
}

/** A Redis Cluster of three nodes of this file's own. */
export function useRedisCluster(): TestCluster {
  const made = new FromBeforeAll<{ servers: LocalServer[]; nodes: Redis[]; folder: string }>('the cluster');
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dropgate-cluster-'));
    const cluster: { servers: LocalServer[]; nodes: Redis[]; folder: string } = { servers: [], nodes: [], folder };
    made.set(cluster);
    for (let at = 0; at < NODES; at += 1) {
      const port = await freePort();
      const settings = { 'cluster-enabled': 'yes', 'cluster-port': String(await freePort()) };
      const dataDir = join(folder, String(at));
      const server = await startRedis({ dataDir, port, logFile: join(folder, `${at}.log`), settings });
      cluster.servers.push(server);
      cluster.nodes.push(new Redis(server.address));
    }
    await formCluster(cluster.nodes);
  }, WITHIN_MS);
  afterAll(async () => {
    const cluster = made.valueIfThere;
    for (const node of cluster?.nodes ?? []) node.disconnect();
    await Promise.all((cluster?.servers ?? []).map((server) => server.stop()));
    if (cluster !== undefined) await rm(cluster.folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return made.value.servers[0]?.address ?? '';
    },
    get nodes() {
      return made.value.nodes;
    },
  };
}

async function formCluster(nodes: readonly Redis[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [at, node] of nodes.entries()) {
    await node.call('CLUSTER', 'ADDSLOTSRANGE', at * share, Math.min(SLOTS, (at + 1) * share) - 1);
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
  }
  const [first, ...others] = nodes;
  for (const other of others) {
    const { port } = other.options;
    const busPort = String(await other.config('GET', 'cluster-port')).split(',')[1] ?? '';
    await first?.call('CLUSTER', 'MEET', '127.0.0.1', port ?? 0, busPort);
  }
  for (const node of nodes) {
    const isOk = async () => {
      const info = String(await node.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`);
    };
    await eventually(isOk, { withinMs: WITHIN_MS });
  }
}
