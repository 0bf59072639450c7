/** The bare script through a plain connection: as many batches under way at once as the product has, nothing else. */
import { createHash } from 'node:crypto';
import { connectRedis } from '../../../platform/connections/redis.ts';
import { createLogger } from '../../../platform/logging/logger.ts';
import { openBareSeller } from '../../edge/bare/seller.ts';
import { BARE_SCRIPT } from '../bare-script.ts';
import type { Load } from '../load.ts';
import { createClaimSource, KEYS } from '../sale-data.ts';
import type { DriverUnderWay, Told } from './driver.ts';
import { beginWhenDue } from './open-loop.ts';

const SHA = createHash('sha1').update(BARE_SCRIPT.source).digest('hex');

export async function driveBare(load: Load, { tally, depth }: Told): Promise<DriverUnderWay> {
  const log = createLogger({ name: 'bench', level: 'silent' });
  const lanes = await Promise.all(
    load.regions.map(async ({ name, url }) => {
      const { stock, holds, outbox } = KEYS.stock(load.dropId, name);
      const redis = await connectRedis({ url, name: 'bench', log });
      await redis.script('LOAD', BARE_SCRIPT.source);
      return { name, url, redis, keys: [stock, holds, outbox], nextClaim: createClaimSource() };
    }),
  );

  async function sendBatches({ redis, keys, nextClaim }: (typeof lanes)[number], goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const claimIds: string[] = [];
      const argv: string[] = [];
      for (let at = 0; at < load.batch; at += 1) {
        const { claimId, shopperId, holdUntilMs, event } = nextClaim();
        claimIds.push(claimId);
        argv.push(claimId, `${shopperId}|${holdUntilMs}`, event);
      }
      const from = performance.now();
      depth.begin();
      const answers = await redis.evalsha(SHA, keys.length, ...keys, ...argv);
      depth.end();
      tally.took(performance.now() - from, load.batch);
      claimIds.forEach((claimId, at) => {
        if (Array.isArray(answers) && answers[at] === 1) tally.won(claimId);
        else tally.refused('SOLD_OUT');
      });
    }
  }

  return {
    run: async (goesOn) => {
      await Promise.all(
        lanes.flatMap((lane) => Array.from({ length: load.batchesInFlight }, () => sendBatches(lane, goesOn))),
      );
    },
    /** What is due in one turn of the loop goes in one call: an open loop has no full batches of its own. */
    async runOpen(loop, goesOn) {
      const [lane] = lanes;
      if (lane === undefined) throw new Error('A load has a region.');
      const seller = await openBareSeller({ redisUrl: lane.url, dropId: load.dropId, region: lane.name });
      const claim = (dueMs: number): Promise<void> =>
        new Promise((resolve) => {
          seller.sell(({ won, claimId }) => {
            tally.took(performance.now() - dueMs, 1);
            if (won) tally.won(claimId);
            else tally.refused('SOLD_OUT');
            resolve();
          });
        });
      await beginWhenDue(loop, claim, goesOn);
      seller.close();
    },
    async close() {
      for (const { redis } of lanes) redis.disconnect();
    },
  };
}
