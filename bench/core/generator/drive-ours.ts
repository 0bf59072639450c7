/** Many shoppers at once through the product's own claim: reservation-core/claims.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../platform/clock.ts';
import { createLogger } from '../../../platform/logging/logger.ts';
import { type Claims, createClaims, holdEndOf } from '../../../reservation-core/claims.ts';
import { connectShards, type Shards } from '../../../reservation-core/shards.ts';
import { changeScripts } from '../changed-scripts.ts';
import { forgetfulRunner } from '../doctored.ts';
import type { Load } from '../load.ts';
import { createClaimSource, HOLD_SECONDS, KEYS, SKU, UNIT_PRICE } from '../sale-data.ts';
import { slowedRunner, turnsFor } from '../slowed.ts';
import { watchedRunner } from './depth.ts';
import type { DriverUnderWay, Told } from './driver.ts';
import { beginWhenDue } from './open-loop.ts';

const ASK_AGAIN_MS = 10;
const MOST_TRIES = 1_000;

export async function driveOurs(load: Load, { tally, depth }: Told): Promise<DriverUnderWay> {
  const shards = await connect(load);
  const broken = await breakOnPurpose(shards, load);
  const claims = createClaims({
    shards: changeScripts(broken, (runner) => watchedRunner(runner, depth)),
    keys: KEYS,
    clock: systemClock,
    maxBatch: load.batch,
    onFailedCall: () => tally.failedCall(),
  });
  const regions = load.regions.map(({ name }) => ({ name, nextClaim: createClaimSource() }));

  async function claim({ name, nextClaim }: (typeof regions)[number], fromMs: number): Promise<void> {
    const { claimId, shopperId, holdUntilMs } = nextClaim();
    const times = { holdUntilMs: holdEndOf(systemClock.now(), HOLD_SECONDS), passUntilMs: holdUntilMs };
    const row = {
      key: claimId,
      shopperId,
      sku: SKU,
      quantity: 1,
      claimId,
      unitPrice: UNIT_PRICE,
      payment: '',
      ...times,
    };
    const told = await untilDecided(() => claims.claim(load.dropId, name, row));
    tally.took(performance.now() - fromMs, 1);
    // What was BUSY may have been decided nevertheless: the same key gets the first answer.
    if (told === 'WON' || told === 'REPLAYED') tally.won(claimId);
    else tally.refused(told);
  }

  let turn = 0;
  const nextRegion = (): (typeof regions)[number] => {
    turn += 1;
    const region = regions[turn % regions.length];
    if (region === undefined) throw new Error('A load has a region.');
    return region;
  };

  async function shop(goesOn: () => boolean): Promise<void> {
    const region = nextRegion();
    while (goesOn()) await claim(region, performance.now());
  }

  return {
    run: async (goesOn) => {
      await Promise.all(Array.from({ length: load.shoppers }, () => shop(goesOn)));
    },
    runOpen: (loop, goesOn) => beginWhenDue(loop, (dueMs) => claim(nextRegion(), dueMs), goesOn),
    close: () => shards.close(),
  };
}

/** As a shopper does, whose time goes on meanwhile: a refusal at once must not pass for a claim that was decided. */
async function untilDecided(claim: () => ReturnType<Claims['claim']>): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const answer = await claim();
    if (answer.ok) return answer.reply.reply;
    if (tries === MOST_TRIES) return answer.code;
    await delay(ASK_AGAIN_MS);
  }
}

async function connect({ regions }: Load): Promise<Shards> {
  const regionUrls = new Map(regions.map(({ name, url }) => [name, url]));
  const homeUrl = regions[0]?.url ?? '';
  return connectShards({ homeUrl, regionUrls, name: 'bench', log: createLogger({ name: 'bench', level: 'silent' }) });
}

/** Each way is asked for on the command line, and told in the report. */
async function breakOnPurpose(shards: Shards, { doctored, slowedMs }: Load): Promise<Shards> {
  if (doctored) return changeScripts(shards, forgetfulRunner);
  if (slowedMs === 0) return shards;
  const turns = await turnsFor(slowedMs, shards.home.redis);
  return changeScripts(shards, (runner) => slowedRunner(runner, turns));
}
