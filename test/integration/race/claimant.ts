/**
 * A process full of impatient shoppers, for the race: each claims, repeats some of its keys, never takes "busy" for an
 * answer, and remembers what it was told.
 */
import { systemClock } from '../../../platform/clock.ts';
import { createClaims } from '../../../reservation-core/claims.ts';
import { createKeys } from '../../../reservation-core/keys.ts';
import { connectShards } from '../../../reservation-core/shards.ts';
import { newId } from '../../fixtures/drop.ts';
import { silentLog } from '../../fixtures/shards.ts';

export interface RaceOrder {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly dropId: string;
  readonly region: string;
  readonly sku: string;
  readonly clients: number;
  readonly claimsPerClient: number;
  readonly repeatShare: number;
}

export interface RaceReport {
  readonly decided: number;
  readonly won: readonly string[];
  readonly soldOut: number;
  /** Repeats of a key that had won. */
  readonly repeats: number;
  readonly otherAnswers: readonly string[];
  readonly busy: number;
}

interface Told {
  readonly key: string;
  readonly shopperId: string;
  readonly claimId: string;
}

process.once('message', (order: RaceOrder) => {
  race(order).then(
    (report) => process.send?.({ report }, () => process.disconnect()),
    (error: unknown) => process.send?.({ failure: String(error) }, () => process.exit(1)),
  );
});

async function race(order: RaceOrder): Promise<RaceReport> {
  const { redisUrl, prefix, dropId, region, sku } = order;
  const regionUrls = new Map([[region, redisUrl]]);
  const shards = await connectShards({ homeUrl: redisUrl, regionUrls, name: 'race', log: silentLog });
  const claims = createClaims({ shards, keys: createKeys(prefix), clock: systemClock, onFailedCall: () => undefined });
  const count = { decided: 0, soldOut: 0, repeats: 0, busy: 0 };
  const won: string[] = [];
  const otherAnswers: string[] = [];

  async function decide({ key, shopperId, claimId }: Told) {
    const holdUntilMs = Date.now() + 3_600_000;
    for (;;) {
      const row = {
        key,
        shopperId,
        sku,
        quantity: 1,
        claimId,
        holdUntilMs,
        passUntilMs: holdUntilMs,
        unitPrice: 4_900,
        payment: '',
      };
      const answer = await claims.claim(dropId, region, row);
      if (answer.ok) return answer.reply;
      count.busy += 1;
    }
  }

  async function claimAnew(told: Told[]): Promise<void> {
    const claim = { key: newId(), shopperId: newId(), claimId: newId() };
    const { reply } = await decide(claim);
    if (reply === 'WON') {
      won.push(claim.claimId);
      told.push(claim);
    } else if (reply === 'SOLD_OUT') count.soldOut += 1;
    else otherAnswers.push(reply);
  }

  async function repeat(first: Told): Promise<void> {
    const answer = await decide({ ...first, claimId: newId() });
    count.repeats += 1;
    const same = answer.reply === 'REPLAYED' && answer.claimId === first.claimId;
    if (!same) otherAnswers.push(`${JSON.stringify(answer)} for a key that had won`);
  }

  async function client(): Promise<void> {
    const told: Told[] = [];
    for (let at = 0; at < order.claimsPerClient; at += 1) {
      const first = told[Math.floor(Math.random() * told.length)];
      if (first !== undefined && Math.random() < order.repeatShare) await repeat(first);
      else await claimAnew(told);
      count.decided += 1;
      if (count.decided % 1_000 === 0) process.send?.({ decided: count.decided });
    }
  }

  try {
    await Promise.all(Array.from({ length: order.clients }, client));
    return { ...count, won, otherAnswers };
  } finally {
    await shards.close();
  }
}
