/** sale: the whole product, on an ordinary day and with fifty times as many people at a drop while the shopping goes on. */
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { startOrderServers } from '../orders/servers.ts';
import { round } from '../report/statistics.ts';
import type { Scenario } from '../scenario.ts';
import type { CrowdOrder, CrowdReport } from './crowd/notes.ts';
import { findingsOf } from './findings.ts';
import { type Round, runRound } from './round.ts';
import type { Shop, Shopped } from './shopping/notes.ts';
import { readQueries, SHOPS } from './shops.ts';
import { defaultStormSeconds, type SaleSize, sizeOf, warmUpSizeOf } from './size.ts';
import { openSaleStage } from './stage.ts';

const SHARED_BUFFERS = '512MB';
const CROWD = join(import.meta.dirname, 'crowd', 'main.ts');
const SHOPPING = join(import.meta.dirname, 'shopping', 'main.ts');

export const sale: Scenario = {
  name: 'sale',
  about: 'a whole sale: 50 times the calm load at a drop, from the lobby to the ledger, while the shopping goes on',
  defaultSeconds: defaultStormSeconds,
  async run(context) {
    const { signal, folder, progress } = context;
    const size = sizeOf(context);
    progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(folder), 3);
    progress('starting Kafka and PostgreSQL');
    const servers = await startOrderServers(context, { shared_buffers: SHARED_BUFFERS });
    const crowds = startCrew<CrowdOrder, CrowdReport>({ program: CROWD, count: size.crowds, signal });
    const shops = startCrew<Shop, Shopped>({ program: SHOPPING, count: SHOPS.length, signal });
    try {
      const stage = await openSaleStage(context, servers, size);
      try {
        const queries = await readQueries();
        const run = (round: number, sized: SaleSize): Promise<Round> =>
          runRound(context, { stage, size: sized, crowds, shops, queries, round });
        const warmUp = await run(0, warmUpSizeOf(size, context.quick));
        const rounds: Round[] = [];
        for (let at = 1; at <= context.rounds; at += 1) rounds.push(await run(at, size));
        const versions = { redis: stage.redis.version, postgres: servers.postgresVersion };
        return findingsOf({ context, size, warmUp, rounds, fsyncMs, versions });
      } finally {
        await stage.close();
      }
    } finally {
      await crowds.end();
      await shops.end();
      await servers.close();
    }
  },
};
