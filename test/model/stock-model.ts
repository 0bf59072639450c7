/**
 * The stock as it should be, in a few lines that can be read: what the scripts do is compared with it, answer by answer
 * and count by count. It knows nothing of Redis.
 */
export const REGIONS = ['eu', 'asia'] as const;
export const SKUS = ['A', 'B'] as const;
export type Region = (typeof REGIONS)[number];
export type Sku = (typeof SKUS)[number];

export interface Counts {
  allocated: number;
  in: number;
  out: number;
  available: number;
  held: number;
  sold: number;
}

export interface ClaimStep {
  readonly region: Region;
  readonly shopperId: string;
  readonly key: string;
  readonly sku: Sku;
  readonly quantity: number;
  readonly claimId: string;
  readonly holdUntilMs: number;
}

interface Hold {
  state: string;
  readonly claim: ClaimStep;
  untilMs: number;
}

interface Shard {
  readonly counts: Map<Sku, Counts>;
  readonly holds: Map<string, Hold>;
  readonly answers: Map<string, ClaimStep>;
  readonly taken: Map<string, number>;
  readonly journal: Map<string, string>;
}

export type Reply = Readonly<Record<string, string | number>>;

export class StockModel {
  readonly #shards = new Map<Region, Shard>();
  readonly #limit: number;
  #paused = false;

  constructor(allocation: ReadonlyMap<Region, ReadonlyMap<Sku, number>>, limit: number) {
    this.#limit = limit;
    for (const [region, units] of allocation) {
      const counts = new Map<Sku, Counts>();
      for (const [sku, given] of units) {
        counts.set(sku, { allocated: given, in: 0, out: 0, available: given, held: 0, sold: 0 });
      }
      const empty = { holds: new Map(), answers: new Map(), taken: new Map(), journal: new Map() };
      this.#shards.set(region, { counts, ...empty });
    }
  }

  counts(region: Region): Record<string, Counts> {
    return Object.fromEntries(this.#shard(region).counts);
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  claim(step: ClaimStep): Reply {
    const shard = this.#shard(step.region);
    const first = shard.answers.get(`${step.shopperId}:${step.key}`);
    if (first !== undefined) {
      if (first.sku !== step.sku || first.quantity !== step.quantity) return { reply: 'KEY_REUSED' };
      return { reply: 'REPLAYED', claimId: first.claimId, holdUntilMs: first.holdUntilMs };
    }
    if (this.#paused) return { reply: 'PAUSED' };
    const counts = this.#counts(step.region, step.sku);
    const units = (shard.taken.get(step.shopperId) ?? 0) + step.quantity;
    if (units > this.#limit) return { reply: 'LIMIT_REACHED' };
    if (counts.available < step.quantity) return { reply: 'SOLD_OUT' };
    counts.available -= step.quantity;
    counts.held += step.quantity;
    shard.taken.set(step.shopperId, units);
    shard.answers.set(`${step.shopperId}:${step.key}`, step);
    shard.holds.set(step.claimId, { state: 'held', claim: step, untilMs: step.holdUntilMs });
    return { reply: 'WON' };
  }

  confirm(region: Region, claimId: string): Reply {
    const hold = this.#shard(region).holds.get(claimId);
    if (hold === undefined) return { reply: 'UNKNOWN' };
    if (hold.state !== 'held') return { reply: 'ALREADY', endedAs: hold.state };
    const counts = this.#counts(region, hold.claim.sku);
    counts.held -= hold.claim.quantity;
    counts.sold += hold.claim.quantity;
    hold.state = 'sold';
    return { reply: 'CONFIRMED' };
  }

  release(region: Region, claimId: string, reason: string): Reply {
    const shard = this.#shard(region);
    const hold = shard.holds.get(claimId);
    if (hold === undefined) return { reply: 'UNKNOWN' };
    if (hold.state !== 'held') return { reply: 'ALREADY', endedAs: hold.state };
    const { sku, quantity, shopperId } = hold.claim;
    const counts = this.#counts(region, sku);
    counts.held -= quantity;
    counts.available += quantity;
    shard.taken.set(shopperId, (shard.taken.get(shopperId) ?? 0) - quantity);
    hold.state = reason;
    return { reply: 'RELEASED' };
  }

  extend(region: Region, claimId: string, untilMs: number): Reply {
    const hold = this.#shard(region).holds.get(claimId);
    if (hold === undefined) return { reply: 'UNKNOWN' };
    if (hold.state !== 'held') return { reply: 'ALREADY', endedAs: hold.state };
    hold.untilMs = Math.max(hold.untilMs, untilMs);
    return { reply: 'EXTENDED', holdUntilMs: hold.untilMs };
  }

  expire(region: Region, nowMs: number, most: number): Reply {
    const overdue = [...this.#shard(region).holds]
      .filter(([, hold]) => hold.state === 'held' && hold.untilMs <= nowMs)
      .sort(([a, x], [b, y]) => x.untilMs - y.untilMs || (a < b ? -1 : 1))
      .slice(0, most);
    const oldest = overdue[0];
    if (oldest === undefined) return { reply: 'NONE' };
    for (const [claimId] of overdue) this.release(region, claimId, 'expired');
    return { reply: 'EXPIRED', count: overdue.length, oldestDueMs: oldest[1].untilMs };
  }

  transferOut(transferId: string, sku: Sku, units: number, from: Region, to: Region): Reply {
    const { journal } = this.#shard(from);
    const content = `out ${sku} ${units} ${to}`;
    const known = journal.get(transferId);
    if (known !== undefined) return { reply: known === content ? 'REPLAYED' : 'KEY_REUSED' };
    const counts = this.#counts(from, sku);
    if (counts.available < units) return { reply: 'SHORT', available: counts.available };
    counts.available -= units;
    counts.out += units;
    journal.set(transferId, content);
    return { reply: 'SENT' };
  }

  transferIn(transferId: string, sku: Sku, units: number, from: Region, to: Region): Reply {
    const { journal } = this.#shard(to);
    const content = `in ${sku} ${units} ${from}`;
    const known = journal.get(transferId);
    if (known !== undefined) return { reply: known === content ? 'REPLAYED' : 'KEY_REUSED' };
    journal.set(transferId, content);
    const counts = this.#counts(to, sku);
    counts.in += units;
    counts.available += units;
    return { reply: 'RECEIVED' };
  }

  transferClose(transferId: string, from: Region): Reply {
    return { reply: this.#shard(from).journal.get(transferId)?.startsWith('out') === true ? 'CLOSED' : 'UNKNOWN' };
  }

  /** Transfers that were sent: only such a one may be received. */
  wasSent(transferId: string, sku: Sku, units: number, from: Region, to: Region): boolean {
    return this.#shard(from).journal.get(transferId) === `out ${sku} ${units} ${to}`;
  }

  #shard(region: Region): Shard {
    const shard = this.#shards.get(region);
    if (shard === undefined) throw new Error(`no region ${region}`);
    return shard;
  }

  #counts(region: Region, sku: Sku): Counts {
    const counts = this.#shard(region).counts.get(sku);
    if (counts === undefined) throw new Error(`no sku ${sku} in ${region}`);
    return counts;
  }
}
