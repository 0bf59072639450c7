import { beforeAll, describe, expect, it } from 'vitest';
import { armOf } from '../../commerce/experiments/arms.ts';
import { encodeScored, recommendationKeys } from '../../contracts/recommendations.ts';
import { indexChanges } from '../../db/queries/search/index-changes.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type Sold, sell } from '../../test/fixtures/goods.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';

let nowMs = Date.now();
const noted: { name: string; values: Readonly<Record<string, unknown>> }[] = [];
const store = useStore({
  clock: { now: () => nowMs },
  figures: { note: (name, values) => void noted.push({ name, values }) },
});
const arms = [
  { name: 'control', share: 50 },
  { name: 'only-trending', share: 50, weights: { collaborative: 0, content: 0, trending: 1, session: 0 } },
];
let admin = '';
const goods: Sold[] = [];

beforeAll(async () => {
  admin = (await store.person('admin')).token;
  for (let at = 0; at < 4; at += 1) goods.push(await sell(store.database.pool, { title: `Thing ${at}` }));
  while ((await indexChanges(store.database.pool, 100)) !== 0);
});

const as = (token: string) => (method: Method, path: string, body?: unknown) =>
  store.call(method, `/api/v1/admin/experiments${path}`, { token, ...(body === undefined ? {} : { body }) });
const asAdmin = (method: Method, path: string, body?: unknown) => as(admin)(method, path, body);

describe('an experiment', () => {
  it('is made, started and stopped by admins; only one runs at a time', async () => {
    const made = await asAdmin('POST', '', { name: 'first', arms, note: 'Does it matter?' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      state: 'draft',
      startedAt: null,
      arms: [{ ...arms[0], weights: null }, arms[1]],
    });
    expect(valueAt((await asAdmin('POST', '', { name: 'first', arms })).body, 'code')).toBe('NAME_TAKEN');
    expect((await asAdmin('POST', '', { name: 'second', arms })).status).toBe(201);
    expect((await asAdmin('POST', '/first/stop')).body).toMatchObject({ code: 'STEP_REFUSED' });

    const started = await asAdmin('POST', '/first/start');
    expect(started.body).toMatchObject({ state: 'running', stoppedAt: null });
    expect((await asAdmin('POST', '/first/start')).body).toEqual(started.body);
    expect(valueAt((await asAdmin('POST', '/second/start')).body, 'code')).toBe('EXPERIMENT_RUNNING');
    expect(valueAt((await asAdmin('POST', '/first/stop')).body, 'state')).toBe('stopped');
    expect(valueAt((await asAdmin('POST', '/first/start')).body, 'code')).toBe('STEP_REFUSED');
    expect((await asAdmin('POST', '/nothing/start')).status).toBe(404);
    const list = await asAdmin('GET', '?limit=1');
    expect([listAt(list.body, 'items').length, valueAt(list.body, 'nextCursor')]).toEqual([1, 'first']);
    expect(valueAt((await asAdmin('GET', '?cursor=first')).body, 'items', 0)).toMatchObject({
      name: 'second',
      state: 'draft',
    });
    const { rows } = await store.database.pool.query<{ action: string }>(
      `select action from audit_log where subject_id = 'first'`,
    );
    const acts = ['made', 'running', 'running', 'stopped'].map((word) => `experiment.${word}`);
    expect(rows.map(({ action }) => action).toSorted()).toEqual(acts);
  });

  it('is started once, whoever is quicker', async () => {
    const names = ['third', 'fourth', 'fifth'];
    for (const name of names) await asAdmin('POST', '', { name, arms });
    const started = await Promise.all(names.map((name) => asAdmin('POST', `/${name}/start`)));
    expect(started.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const [running] = started.filter(({ status }) => status === 200);
    await asAdmin('POST', `/${textAt(running?.body, 'name')}/stop`);
  });

  it.each([
    ['one arm', [arms[0]]],
    ['two of one name', [arms[0], arms[0]]],
    [
      'more than all shoppers',
      [
        { name: 'a', share: 60 },
        { name: 'b', share: 41 },
      ],
    ],
    [
      'an arm that weighs nothing',
      [arms[0], { ...arms[1], weights: { collaborative: 0, content: 0, trending: 0, session: 0 } }],
    ],
    [
      'a negative weight',
      [arms[0], { ...arms[1], weights: { collaborative: -1, content: 0, trending: 1, session: 0 } }],
    ],
  ])('cannot have %s', async (_what, wrong) => {
    expect((await asAdmin('POST', '', { name: 'wrong', arms: wrong })).status).toBe(400);
  });

  it('says what it has shown, next to the control', async () => {
    await asAdmin('POST', '', { name: 'report', arms });
    await store.database.pool.query(
      `insert into recommendation_exposures (experiment, shopper_id, arm, shown, clicked, ordered)
       select 'report', uuidv7(), case n % 2 when 0 then 'control' else 'only-trending' end, 2, n % 3, n % 5 / 4
       from generate_series(1, 60) n`,
    );
    await store.database.pool.query(
      `insert into recommendation_revenue values ('report', 'control', '2026-01-01', 'EUR', 5000), ('report', 'control', '2026-01-02', 'EUR', 1)`,
    );
    const { status, body } = await asAdmin('GET', '/report');
    expect(status).toBe(200);
    expect(valueAt(body, 'report')).toMatchObject({ isEnough: false, level: 0.95 });
    expect(valueAt(body, 'report', 'arms', 0)).toMatchObject({
      arm: 'control',
      isControl: true,
      shoppers: 30,
      shown: 60,
      clicked: 30,
    });
    expect(valueAt(body, 'report', 'arms', 1, 'buyers')).toMatchObject({ rate: 0.2, lift: 0, isSignificant: false });
    expect(valueAt(body, 'report', 'arms', 1, 'buyers', 'difference', 'low')).toBeLessThan(0);
    expect(valueAt(body, 'revenue')).toEqual([{ arm: 'control', currency: 'EUR', revenueMinor: 5_001 }]);
    expect((await asAdmin('GET', '/nothing')).status).toBe(404);
  });
});

describe('a shopper in a running experiment', () => {
  it('sees the arm that a hash gives them, and is counted in it: clicks only of what they were shown', async () => {
    const keys = recommendationKeys(store.redisPrefix);
    const version = newId();
    const [popular, trending] = [goods[0]?.productId ?? '', goods[1]?.productId ?? ''];
    await store.redis.set(keys.popular(version), encodeScored([{ productId: popular, score: 1 }]));
    await store.redis.zadd(keys.trending, 5, trending);
    await store.redis.set(keys.current, version);
    await asAdmin('POST', '', { name: 'running', arms });
    await asAdmin('POST', '/running/start');
    nowMs += 60_000;
    for (let at = 0; at < 12; at += 1) {
      const { userId, token } = await store.guest();
      const arm = armOf({ name: 'running', arms: arms.map((one) => ({ weights: null, ...one })) }, userId)?.name;
      noted.length = 0;
      const { body } = await store.call('GET', `/api/v1/recommendations/${userId}?limit=2`, { token });
      expect(valueAt(body, 'experiment')).toEqual({ name: 'running', arm });
      expect(listAt(body, 'items').map((one) => textAt(one, 'id'))).toEqual(
        arm === 'control' ? [popular, trending] : [trending, popular],
      );
      const click = (productId: string) =>
        store.call('POST', '/api/v1/recommendations/clicks', { token, body: { productId, place: 'home' } });
      expect((await click(popular)).status).toBe(204);
      expect((await click(goods[3]?.productId ?? '')).status).toBe(204);
      expect(noted.map(({ name, values }) => [name, values['arm']])).toEqual([
        ['recommendation.shown', `running:${arm}`],
        ['recommendation.clicked', `running:${arm}`],
        // Nobody showed it to them.
        ['recommendation.clicked', 'none'],
      ]);
    }
    await asAdmin('POST', '/running/stop');
    nowMs += 60_000;
    const { userId, token } = await store.guest();
    const { body } = await store.call('GET', `/api/v1/recommendations/${userId}`, { token });
    expect(valueAt(body, 'experiment')).toBeNull();
  });
});
