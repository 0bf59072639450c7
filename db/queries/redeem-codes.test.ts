import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { insertCodes } from './promotion-codes.ts';
import { countUses, findPromotion, insertPromotion, updatePromotion } from './promotions.ts';
import { commitRedemption, redeemCodes, takeDueRedemptions, undoRedemption } from './redeem-codes.ts';

const database = useDatabase();
const nowMs = Date.now();

async function promote(limits: { totalLimit?: number; perUserLimit?: number; state?: 'active' | 'ended' } = {}) {
  const id = newId();
  const { totalLimit = null, perUserLimit = null, state = 'active' } = limits;
  await withTransaction(database.pool, (client) =>
    insertPromotion(client, {
      ...{ id, merchantId: null, title: 'P', codeKind: 'single', code: null, startsAtMs: null, endsAtMs: null },
      rule: { benefit: { kind: 'free-shipping' }, conditions: {}, stacking: 'stack', priority: 0 },
      ...{ totalLimit, perUserLimit, state, version: 1, createdBy: newId() },
    }),
  );
  return id;
}

async function codeOf(promotionId: string): Promise<Buffer> {
  const hash = createHash('sha256').update(randomBytes(16)).digest();
  await withTransaction(database.pool, (client) =>
    insertCodes(client, { promotionId, batchId: newId(), codes: [{ hash, ending: 'ABCD' }] }),
  );
  return hash;
}

interface Try {
  readonly promotionIds: readonly string[];
  readonly codeHash?: Buffer | null;
  readonly userId?: string;
  readonly reference?: string;
  readonly untilMs?: number;
}

async function redeem({ promotionIds, codeHash = null, userId = newId(), reference = newId(), untilMs }: Try) {
  const uses = promotionIds.map((promotionId) => ({ promotionId, codeHash, discountMinor: 100, currency: 'EUR' }));
  return await withTransaction(database.pool, (client) =>
    redeemCodes(client, { reference, userId, uses, nowMs, untilMs: untilMs ?? nowMs + 60_000 }),
  );
}

const undo = (...references: string[]) =>
  withTransaction(database.pool, (client) => undoRedemption(client, references));
const problems = (outcomes: Awaited<ReturnType<typeof redeem>>[]) =>
  outcomes.map((outcome) => (outcome.ok ? 'OK' : outcome.problem)).sort();

describe('a one-time code', () => {
  it('is used by exactly one of fifty at the same instant', async () => {
    const promotionId = await promote();
    const codeHash = await codeOf(promotionId);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => redeem({ promotionIds: [promotionId], codeHash })),
    );
    expect(problems(outcomes)).toEqual([...new Array<string>(49).fill('CODE_USED'), 'OK']);
    expect(await countUses(database.pool, promotionId)).toEqual({ committed: 0, reserved: 1 });
  });

  it('can be used again after its order was cancelled, not after it was only asked for twice', async () => {
    const promotionId = await promote();
    const [codeHash, reference, userId] = [await codeOf(promotionId), newId(), newId()];
    const mine = { promotionIds: [promotionId], codeHash, reference, userId };
    expect(problems([await redeem(mine), await redeem(mine)])).toEqual(['OK', 'OK']);
    await withTransaction(database.pool, (client) => commitRedemption(client, reference));
    expect(problems([await redeem({ promotionIds: [promotionId], codeHash })])).toEqual(['CODE_USED']);
    expect([await undo(reference), await undo(reference)]).toEqual([1, 0]);
    expect(problems([await redeem(mine)])).toEqual(['GIVEN_BACK']);
    expect(problems([await redeem({ promotionIds: [promotionId], codeHash })])).toEqual(['OK']);
  });

  it('is not used up by a checkout that fails', async () => {
    const promotionId = await promote();
    const codeHash = await codeOf(promotionId);
    const failing = withTransaction(database.pool, async (client) => {
      const uses = [{ promotionId, codeHash, discountMinor: 1, currency: 'EUR' }];
      await redeemCodes(client, { reference: newId(), userId: newId(), uses, nowMs, untilMs: nowMs + 1 });
      throw new Error('no stock');
    });
    await expect(failing).rejects.toThrow('no stock');
    expect(problems([await redeem({ promotionIds: [promotionId], codeHash })])).toEqual(['OK']);
  });
});

describe('limits', () => {
  it('hold for all together and for each person, at the same instant, and have room again after', async () => {
    const promotionId = await promote({ totalLimit: 10, perUserLimit: 2 });
    const people = Array.from({ length: 8 }, () => newId());
    const references = Array.from({ length: 40 }, () => newId());
    const outcomes = await Promise.all(
      references.map((reference, at) =>
        redeem({ promotionIds: [promotionId], userId: people[at % 8] ?? '', reference }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10);
    const { rows } = await database.pool.query(
      'select max(uses)::int as most from promotion_uses where promotion_id = $1',
      [promotionId],
    );
    expect(rows[0].most).toBeLessThanOrEqual(2);
    expect(await undo(...references)).toBe(10);
    expect(problems([await redeem({ promotionIds: [promotionId] })])).toEqual(['OK']);
  });

  it('of one of several promotions leave nothing of the others behind', async () => {
    const [free, full, ended] = [
      await promote({ perUserLimit: 1 }),
      await promote({ totalLimit: 1 }),
      await promote({ state: 'ended' }),
    ];
    await redeem({ promotionIds: [full] });
    const userId = newId();
    expect(problems([await redeem({ promotionIds: [free, full], userId })])).toEqual(['LIMIT_REACHED']);
    expect(problems([await redeem({ promotionIds: [free, ended], userId })])).toEqual(['ENDED']);
    expect(await countUses(database.pool, free)).toEqual({ committed: 0, reserved: 0 });
    expect(problems([await redeem({ promotionIds: [free], userId })])).toEqual(['OK']);
    expect(problems([await redeem({ promotionIds: [free], userId })])).toEqual(['USER_LIMIT_REACHED']);
  });

  it('that come later count what was used before', async () => {
    const promotionId = await promote();
    await redeem({ promotionIds: [promotionId] });
    const before = await findPromotion(database.pool, promotionId);
    if (before === undefined) throw new Error('it is there');
    await withTransaction(database.pool, (client) => updatePromotion(client, { ...before, totalLimit: 1 }));
    expect(problems([await redeem({ promotionIds: [promotionId] })])).toEqual(['LIMIT_REACHED']);
  });
});

it('what a checkout set aside is given back when its time is over', async () => {
  const promotionId = await promote({ totalLimit: 1 });
  await redeem({ promotionIds: [promotionId], untilMs: nowMs - 1 });
  const given = await withTransaction(database.pool, async (client) =>
    undoRedemption(client, await takeDueRedemptions(client, nowMs, 10)),
  );
  expect(given).toBe(1);
  expect(problems([await redeem({ promotionIds: [promotionId] })])).toEqual(['OK']);
});
