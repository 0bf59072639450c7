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
  readonly passUntilMs: number;
  readonly nowMs: number;
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
  /** By shopper: the end of the last pass that is void. */
  readonly voids: Map<string, number>;
  /** Claims that were made together, by the end of their holds. */
  readonly due: Map<string, number>;
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
      const claims = { holds: new Map(), answers: new Map(), due: new Map() };
      const shoppers = { taken: new Map(), voids: new Map() };
      this.#shards.set(region, { counts, ...claims, ...shoppers, journal: new Map() });
    }
  }

  counts(region: Region): Record<string, Counts> {
    return Object.fromEntries(this.#shard(region).counts);
  }

  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** The claims of one call. */
  claim(region: Region, steps: readonly ClaimStep[]): Reply[] {
    const won = new Map<number, string[]>();
    const replies = steps.map((step) => {
      const reply = this.#claimOne(step);
      if (reply['reply'] === 'WON') won.set(step.holdUntilMs, [...(won.get(step.holdUntilMs) ?? []), step.claimId]);
      return reply;
    });
    for (const [untilMs, claimIds] of won) this.#shard(region).due.set(claimIds.join(','), untilMs);
    return replies;
  }

  #claimOne(step: ClaimStep): Reply {
    const shard = this.#shard(step.region);
    const { shopperId, claimId, holdUntilMs } = step;
    const before = shard.taken.get(shopperId) ?? 0;
    const first = shard.answers.get(`${shopperId}:${step.key}`);
    if (first !== undefined) {
      if (first.sku !== step.sku || first.quantity !== step.quantity) return { reply: 'KEY_REUSED' };
      const left = this.#limit - before;
      return { reply: 'REPLAYED', claimId: first.claimId, holdUntilMs: first.holdUntilMs, left };
    }
    if (this.#paused) return { reply: 'PAUSED' };
    if (step.passUntilMs <= step.nowMs) return { reply: 'PASS_EXPIRED' };
    if (step.passUntilMs <= (shard.voids.get(shopperId) ?? 0)) {
      return { reply: before >= this.#limit ? 'LIMIT_REACHED' : 'PASS_VOID' };
    }
    const counts = this.#counts(step.region, step.sku);
    const units = before + step.quantity;
    if (units > this.#limit) return { reply: 'LIMIT_REACHED' };
    if (counts.available < step.quantity) return { reply: 'SOLD_OUT', left: counts.available };
    counts.available -= step.quantity;
    counts.held += step.quantity;
    shard.taken.set(shopperId, units);
    if (units === this.#limit) shard.voids.set(shopperId, step.passUntilMs);
    shard.answers.set(`${shopperId}:${step.key}`, step);
    shard.holds.set(claimId, { state: 'held', claim: step, untilMs: holdUntilMs });
    return { reply: 'WON', left: this.#limit - units };
  }

  revoke(region: Region, shopperId: string, passUntilMs: number): Reply {
    const { voids } = this.#shard(region);
    voids.set(shopperId, Math.max(voids.get(shopperId) ?? 0, passUntilMs));
    return { reply: 'REVOKED' };
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
    this.#shard(region).due.set(claimId, hold.untilMs);
    return { reply: 'EXTENDED', holdUntilMs: hold.untilMs };
  }

  expire(region: Region, nowMs: number, most: number): Reply {
    const { due, holds } = this.#shard(region);
    const overdue = [...due]
      .filter(([, untilMs]) => untilMs <= nowMs)
      .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    const oldest = overdue[0];
    if (oldest === undefined) return { reply: 'NONE' };
    let looked = 0;
    let ended = 0;
    for (const [together] of overdue) {
      if (looked >= most) break;
      due.delete(together);
      for (const claimId of together.split(',')) {
        looked += 1;
        const hold = holds.get(claimId);
        if (hold?.state !== 'held' || hold.untilMs > nowMs) continue;
        this.release(region, claimId, 'expired');
        ended += 1;
      }
    }
    return { reply: 'EXPIRED', count: ended, oldestDueMs: oldest[1], more: looked >= most ? 1 : 0 };
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
