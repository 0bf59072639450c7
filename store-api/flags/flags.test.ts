import { afterEach, describe, expect, it } from 'vitest';
import { FLAG_NAMES } from '../../contracts/flags.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, valueAt } from '../../test/fixtures/told.ts';
import type { LoadLevel, LoadMonitor } from '../pressure/load.ts';

let level: LoadLevel = 'calm';
const load: LoadMonitor = {
  get level() {
    return level;
  },
  sample: { eventLoopDelayMs: 0, requestsInFlight: 0, databaseWaiting: 0 },
  begin: () => () => undefined,
};
const store = useStore({ load });
afterEach(() => {
  level = 'calm';
});

const put = async (name: string, state: unknown, role: 'admin' | 'support' = 'admin') => {
  const { token } = await store.person(role);
  return await store.call('PUT', `/api/v1/admin/flags/${name}`, { token, body: { state } });
};
const suggest = () => store.call('GET', '/api/v1/search/suggest?q=mug');
const search = () => store.call('GET', '/api/v1/search/products?q=mug');

describe('the switches of the operator', () => {
  it('are listed with what they do, and switched by admins only', async () => {
    const admin = await store.person('admin');
    const { body } = await store.call('GET', '/api/v1/admin/flags', { token: admin.token });
    expect(
      listAt(body, 'items').map((one) => [valueAt(one, 'name'), valueAt(one, 'state'), valueAt(one, 'isOn')]),
    ).toEqual(FLAG_NAMES.map((name) => [name, 'auto', true]));
    expect(valueAt(body, 'load')).toMatchObject({ level: 'calm' });
    expect((await put('suggestions', 'off', 'support')).status).toBe(403);
    expect((await put('prices', 'off')).status).toBe(400);
    expect((await put('suggestions', 'maybe')).status).toBe(400);
  });

  it('have their effect at once, and are written down', async () => {
    const off = await put('suggestions', 'off');
    expect(valueAt(off.body, 'items', 2)).toMatchObject({ name: 'suggestions', state: 'off', isOn: false });
    const shed = await suggest();
    expect([shed.status, shed.headers['x-shed'], valueAt(shed.body, 'queries')]).toEqual([200, 'suggestions', []]);
    await put('suggestions', 'auto');
    expect((await suggest()).headers['x-shed']).toBeUndefined();
    const { rows } = await store.database.pool.query(
      `select detail from audit_log where action = 'flag.switched' order by id`,
    );
    expect(rows).toEqual([{ detail: { state: 'off' } }, { detail: { state: 'auto' } }]);
  });

  it('of auto are off under pressure, those that are on stay', async () => {
    level = 'strained';
    const plain = await search();
    expect([plain.status, plain.headers['x-shed'], valueAt(plain.body, 'facets')]).toEqual([
      200,
      'personal-ranking, facets',
      null,
    ]);
    await put('facets', 'on');
    expect((await search()).headers['x-shed']).toBe('personal-ranking');
    await put('facets', 'auto');
  });
});

describe('a store with too much to do', () => {
  const statusOf = async (url: string, token?: string) => (await store.call('GET', url, { token })).status;

  it('refuses who looks around first, at once and with when to come back', async () => {
    level = 'overloaded';
    const refused = await search();
    expect([refused.status, refused.headers['retry-after'], valueAt(refused.body, 'code')]).toEqual([503, '1', 'BUSY']);
    const { token } = await store.person();
    expect(await statusOf('/api/v1/me', token)).toBe(200);
    expect(await statusOf('/api/v1/orders/nothing', token)).not.toBe(503);
  });

  it('refuses everybody but who buys or pays last, and still tells that it lives', async () => {
    level = 'critical';
    const [{ token }, admin] = [await store.person(), await store.person('admin')];
    expect(await statusOf('/api/v1/me', token)).toBe(503);
    expect(await statusOf('/api/v1/orders/nothing', token)).not.toBe(503);
    expect(await statusOf('/api/v1/admin/flags', admin.token)).toBe(200);
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/ready')).toBe(200);
  });
});
