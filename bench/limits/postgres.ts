/** PostgreSQL with nothing of ours: the rows of an order in three tables with a primary key and nothing else. */
import { Client } from 'pg';
import { CLOUD_FSYNC_MS, slowerDiskUs } from '../machine/fsync-time.ts';
import type { BenchPostgres } from '../machine/postgres-server.ts';
import { TABLES } from '../orders/bare/writer.ts';
import { letWork, type Part, percentileMs, timesOf, type Worked } from './part.ts';

const ROWS_AN_ORDER = 3;

export async function versionOf({ url }: BenchPostgres): Promise<string> {
  const [row] = await asked(url, 'show server_version');
  return typeof row?.['server_version'] === 'string' ? row['server_version'] : 'unknown';
}

export function inserts(postgres: BenchPostgres, fsyncMs: number, signal: AbortSignal): Part[] {
  let databases = 0;

  async function insert(seconds: number, connections: number, commitDelayUs: number): Promise<Worked> {
    databases += 1;
    const name = `limits_${databases}`;
    await asked(postgres.url, `create database ${name}`);
    const databaseUrl = postgres.urlOf(name);
    try {
      await asked(databaseUrl, TABLES);
      const orderOf = () => ({ t: 'insert', databaseUrl, commitDelayUs, ...timesOf(seconds) }) as const;
      return await letWork(connections, orderOf, { signal, server: postgres.pid });
    } finally {
      await asked(postgres.url, `drop database ${name} with (force)`);
    }
  }

  return [
    {
      name: 'PostgreSQL, one connection',
      digits: { bareInsertP99Ms: 1 },
      async run(seconds) {
        const { perSecond, latencies, cpu } = await insert(seconds, 1, 0);
        const figures = {
          bareOrdersInsertedPerSecond: perSecond,
          bareRowsInsertedPerSecond: ROWS_AN_ORDER * perSecond,
          bareInsertP99Ms: percentileMs(latencies, 99),
        };
        return { figures, cpu, latencies };
      },
    },
    {
      name: 'PostgreSQL, two connections',
      async run(seconds) {
        const { perSecond, latencies, cpu } = await insert(seconds, 2, 0);
        return { figures: { bareOrdersInsertedPerSecondByTwo: perSecond }, cpu, latencies };
      },
    },
    {
      name: `PostgreSQL, ${CLOUD_FSYNC_MS} ms an fsync`,
      async run(seconds) {
        const { perSecond, cpu } = await insert(seconds, 1, slowerDiskUs(fsyncMs));
        return { figures: { bareOrdersInsertedPerSecondAt2MsFsync: perSecond }, cpu };
      },
    },
  ];
}

async function asked(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
