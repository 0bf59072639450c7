import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { type Answer, useStore } from '../../test/fixtures/store.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';

let offsetMs = 0;
const store = useStore({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } });

const DAY_MS = 24 * 3_600_000;
const inventory = '/api/v1/seller/inventory';

async function make(token: string, scopes: readonly string[], more: object = {}): Promise<Answer> {
  const body = { name: 'Till 3', scopes, ...more };
  return await store.call('POST', '/api/v1/me/api-keys', { token, body });
}

describe('keys of merchants’ programs', () => {
  it('are told once, kept as a hash, and listed by how they begin', async () => {
    const merchant = await store.person('merchant');
    const made = await make(merchant.token, ['inventory:read', 'orders:write']);
    expect(made.status, made.text).toBe(201);
    expect(valueAt(made.body, 'key')).toMatch(/^dgk_[A-Za-z0-9_-]{43}$/);
    const listed = await store.call('GET', '/api/v1/me/api-keys', merchant);
    expect(listed.text).not.toContain(textAt(made.body, 'key').slice(12));
    expect(valueAt(listed.body, 'items')).toMatchObject([
      {
        id: valueAt(made.body, 'id'),
        name: 'Till 3',
        prefix: textAt(made.body, 'key').slice(0, 12),
        usedAt: null,
        revokedAt: null,
      },
    ]);
    const { rows } = await store.database.pool.query<{ row: string }>('select k::text as row from api_keys k');
    expect(rows.some(({ row }) => row.includes(textAt(made.body, 'key').slice(12)))).toBe(false);
    expect(
      valueAt((await store.call('GET', '/api/v1/me/api-keys', await store.person('merchant'))).body, 'items'),
    ).toEqual([]);
    expect((await make((await store.person()).token, ['inventory:read'])).status).toBe(403);
    const journal = await store.database.pool.query('select action from audit_log where subject_id = $1', [
      valueAt(made.body, 'id'),
    ]);
    expect(journal.rows).toEqual([{ action: 'api-key.created' }]);
  });

  it('do what their scopes say, and nothing that is for people', async () => {
    const merchant = await store.person('merchant');
    const token = textAt((await make(merchant.token, ['inventory:read'])).body, 'key');
    expect((await store.call('GET', inventory, { token })).status).toBe(200);
    const write = await store.call('POST', `${inventory}/movements`, { token, body: {} });
    expect([write.status, valueAt(write.body, 'code'), valueAt(write.body, 'detail')]).toEqual([
      403,
      'KEY_SCOPE',
      'It needs inventory:write.',
    ]);
    expect(valueAt((await store.call('GET', '/api/v1/seller/orders', { token })).body, 'code')).toBe('KEY_SCOPE');
    for (const url of ['/me', '/me/api-keys', '/me/wallet', '/cart', '/orders', '/audit-log', '/users']) {
      expect(valueAt((await store.call('GET', `/api/v1${url}`, { token })).body, 'code'), url).toBe('KEY_SCOPE');
    }
    expect(valueAt((await make(token, ['inventory:write'])).body, 'code')).toBe('KEY_SCOPE');
    expect((await store.call('GET', '/api/v1/products', { token })).status).toBe(200);
    const used = 'select used_at is not null as used from api_keys where merchant_id = $1';
    const isUsed = async () => (await store.database.pool.query(used, [merchant.userId])).rows[0]?.used === true;
    await eventually(isUsed, { withinMs: 5_000 });
  });

  it('end when they are revoked, are over, or their merchant is none any more, all within a second', async () => {
    const merchant = await store.person('merchant');
    const [revoked, expiring, demoted] = [
      (await make(merchant.token, ['inventory:read'])).body,
      (await make(merchant.token, ['inventory:read'], { expiresInDays: 1 })).body,
      (await make(merchant.token, ['inventory:read'], { expiresInDays: 30 })).body,
    ];
    const statusOf = async (made: unknown) =>
      (await store.call('GET', inventory, { token: textAt(made, 'key') })).status;
    expect([await statusOf(revoked), await statusOf(expiring), await statusOf(demoted)]).toEqual([200, 200, 200]);

    const url = `/api/v1/me/api-keys/${textAt(revoked, 'id')}`;
    expect((await store.call('DELETE', url, await store.person('merchant'))).status).toBe(404);
    expect(valueAt((await store.call('DELETE', url, merchant)).body, 'revokedAt')).toBeGreaterThan(0);
    offsetMs += 1_001;
    expect(await statusOf(revoked)).toBe(401);
    await store.database.pool.query(`update users set role = 'shopper' where id = $1`, [merchant.userId]);
    offsetMs += 1_001;
    expect(await statusOf(demoted)).toBe(401);
    await store.database.pool.query(`update users set role = 'merchant' where id = $1`, [merchant.userId]);
    offsetMs += DAY_MS;
    expect([await statusOf(expiring), await statusOf(demoted)]).toEqual([401, 200]);
    offsetMs -= DAY_MS;
  });

  it('are not more than a merchant may have, also when many are asked for at once', async () => {
    const { token } = await store.person('merchant');
    const asked = Array.from({ length: LIMITS.apiKeysPerMerchant + 5 }, () => make(token, ['drops:read']));
    const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 201)).toHaveLength(LIMITS.apiKeysPerMerchant);
    expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  });

  it('refuses forms that are none', async () => {
    const { token } = await store.person('merchant');
    for (const more of [
      { scopes: [] },
      { scopes: ['all'] },
      { name: ' ' },
      { expiresInDays: 4_000 },
      { admin: true },
    ]) {
      expect((await make(token, ['drops:read'], more)).status, JSON.stringify(more)).toBe(400);
    }
    for (const key of ['dgk_', 'dgk_x', `dgk_${'A'.repeat(43)}`, `dgk_${'A'.repeat(500)}`]) {
      expect((await store.call('GET', inventory, { token: key })).status, key).toBe(401);
    }
  });

  it('have a bucket of their own', async () => {
    const merchant = await store.person('merchant');
    const key = textAt((await make(merchant.token, ['inventory:read'])).body, 'key');
    const from = '203.0.113.7';
    const calls = Array.from({ length: LIMITS.storeRequestsPerKey.capacity + 30 }, () =>
      store.call('GET', inventory, { token: key, from }),
    );
    const answers = await Promise.all(calls);
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect((await store.call('GET', inventory, { token: merchant.token, from })).status).toBe(200);
  });
});
