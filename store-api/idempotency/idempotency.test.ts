import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';
import { EVERYBODY, SIGNED_IN } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreApp } from '../services.ts';
import { idempotently } from './idempotently.ts';

const store = useStore({}, ownRoutes);
const Body = Type.Object({ name: Type.String(), tags: Type.Optional(Type.Array(Type.String())) });
let effects = 0;

function ownRoutes(app: StoreApp): void {
  const services = { database: store.database.pool, clock: { now: () => Date.now() } };
  const config = { access: SIGNED_IN, idempotency: 'own' } as const;
  app.post('/test/brands', { config, schema: { body: Body } }, (request, reply) =>
    idempotently(services, request, reply, async (client) => {
      const id = newId();
      await client.query('insert into brands (id, slug, name) values ($1::uuid, $1::text, $2)', [
        id,
        request.body.name,
      ]);
      if (request.body.name === 'refused') throw new Refusal('NAME_TAKEN');
      if (request.body.name === 'crash') throw new Error('The process is gone.');
      return { status: 201, body: { id } };
    }),
  );
  app.post('/test/elsewhere', { config: { access: EVERYBODY }, schema: { body: Body } }, async (request, reply) => {
    effects += 1;
    if (request.body.name === 'refused') throw new Refusal('NAME_TAKEN');
    reply.header('etag', `"${effects}"`);
    return reply.code(201).send({ effects });
  });
}

const brands = async (name: string) =>
  Number((await store.database.pool.query('select count(*) from brands where name = $1', [name])).rows[0].count);

describe('an effect in one transaction', () => {
  it('happens once for fifty calls at once with one key: each gets the first answer, or is told to ask again', async () => {
    const { token } = await store.person();
    const name = newId();
    const headers = { 'idempotency-key': 'fifty' };
    const call = () => store.call('POST', '/test/brands', { token, headers, body: { name } });
    const answers = await Promise.all(Array.from({ length: 50 }, call));
    const last = await call();
    expect(last.status).toBe(201);
    expect(last.headers['idempotent-replayed']).toBe('true');
    for (const { status, body, headers: given } of answers) {
      if (status === 201) expect(body).toEqual(last.body);
      else {
        expect([status, textAt(body, 'code'), given['retry-after']]).toEqual([409, 'KEY_IN_USE', '1']);
      }
    }
    expect(
      answers.filter(({ headers: given, status }) => status === 201 && !given['idempotent-replayed']),
    ).toHaveLength(1);
    expect(await brands(name)).toBe(1);
  });

  it('is refused with other content, and knows the same content in another order', async () => {
    const { token } = await store.person();
    const headers = { 'idempotency-key': 'k' };
    const call = (body: object) => store.call('POST', '/test/brands', { token, headers, body });
    const first = await call({ name: newId(), tags: ['a'] });
    const name = newId();
    const other = await call({ name, tags: [] });
    expect([other.status, valueAt(other.body, 'code')]).toEqual([422, 'KEY_REUSED']);
    expect(await brands(name)).toBe(0);
    const ordered = newId();
    const one = await store.call('POST', '/test/brands', {
      ...{ token, headers: { 'idempotency-key': 'k2' }, body: `{"name":"${ordered}","tags":["x"]}` },
    });
    const two = await store.call('POST', '/test/brands', {
      ...{ token, headers: { 'idempotency-key': 'k2' }, body: `{ "tags": ["x"], "name": "${ordered}" }` },
    });
    expect(two.body).toEqual(one.body);
    expect(first.body).not.toEqual(one.body);
  });

  it('belongs to its caller: the same key of somebody else is another key', async () => {
    const [one, two] = [await store.person(), await store.person()];
    const headers = { 'idempotency-key': 'mine' };
    const name = newId();
    for (const { token } of [one, two]) {
      expect((await store.call('POST', '/test/brands', { token, headers, body: { name } })).status).toBe(201);
    }
    expect(await brands(name)).toBe(2);
  });

  it.each(['refused', 'crash'])('leaves nothing of what went wrong (%s), not even the key', async (name) => {
    const { token } = await store.person();
    const headers = { 'idempotency-key': `wrong-${name}` };
    const status = name === 'refused' ? 409 : 500;
    expect((await store.call('POST', '/test/brands', { token, headers, body: { name } })).status).toBe(status);
    expect(await brands(name)).toBe(0);
    const invalid = await store.call('POST', '/test/brands', { token, headers, body: { tags: [] } });
    expect(valueAt(invalid.body, 'code')).toBe('INVALID');
    const good = await store.call('POST', '/test/brands', { token, headers, body: { name: newId() } });
    expect(good.status).toBe(201);
  });

  it('is forgotten after its time', async () => {
    const { token, userId } = await store.person();
    const headers = { 'idempotency-key': 'old' };
    await store.call('POST', '/test/brands', { token, headers, body: { name: newId() } });
    const { pool } = store.database;
    await pool.query(
      `update idempotency_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
       where scope like $1`,
      [`${userId}%`],
    );
    const again = await store.call('POST', '/test/brands', { token, headers, body: { name: newId() } });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, undefined]);
  });

  it('refuses a key that is none', async () => {
    const { token } = await store.person();
    const headers = { 'idempotency-key': 'ä b' };
    const answer = await store.call('POST', '/test/brands', { token, headers, body: { name: newId() } });
    expect([answer.status, valueAt(answer.body, 'code')]).toEqual([400, 'INVALID']);
  });
});

describe('an effect elsewhere', () => {
  const call = (key: string, name: string) =>
    store.call('POST', '/test/elsewhere', { headers: { 'idempotency-key': key }, body: { name } });

  it('happens once, and its answer is given again with what belongs to it', async () => {
    const before = effects;
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('once', 'a')));
    const again = await call('once', 'a');
    expect(effects).toBe(before + 1);
    expect(again.body).toEqual({ effects: before + 1 });
    expect([again.status, again.headers.etag]).toEqual([201, `"${before + 1}"`]);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(valueAt((await call('once', 'b')).body, 'code')).toBe('KEY_REUSED');
  });

  it('is not kept when it was refused, and can be made again when its process died', async () => {
    expect((await call('later', 'refused')).status).toBe(409);
    expect((await call('later', 'fine')).status).toBe(201);
    await store.database.pool.query(
      `update idempotency_keys set response = null, expires_at = now() + interval '1 minute' where key = 'later'`,
    );
    expect(valueAt((await call('later', 'fine')).body, 'code')).toBe('KEY_IN_USE');
    await store.database.pool.query(
      `update idempotency_keys set created_at = now() - interval '2 minutes', expires_at = now() - interval '1 minute'
       where key = 'later'`,
    );
    expect((await call('later', 'fine')).status).toBe(201);
  });

  it('is that of the routes there are: a cart is filled once', async () => {
    const { token } = await store.person();
    const { sku } = await sell(store.database.pool);
    const headers = { 'idempotency-key': 'address' };
    const body = { recipient: 'Ada', line1: '1 Way', city: 'London', country: 'GB' };
    const made = await store.call('POST', '/api/v1/me/addresses', { token, headers, body });
    const again = await store.call('POST', '/api/v1/me/addresses', { token, headers, body });
    expect([made.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(made.body);
    expect(valueAt((await store.call('GET', '/api/v1/me/addresses', { token })).body, 'items')).toHaveLength(1);
    for (let time = 0; time < 2; time += 1) {
      const added = await store.call('POST', '/api/v1/cart/items', { token, headers, body: { sku, quantity: 2 } });
      expect(valueAt(added.body, 'items'), added.text).toMatchObject([{ sku, quantity: 2 }]);
    }
  });

  it('keeps no answers with tokens in them', async () => {
    const headers = { 'idempotency-key': 'guest' };
    const [one, two] = [
      await store.call('POST', '/api/v1/auth/guest', { headers }),
      await store.call('POST', '/api/v1/auth/guest', { headers }),
    ];
    expect(valueAt(one.body, 'accessToken')).not.toBe(valueAt(two.body, 'accessToken'));
    const { rows } = await store.database.pool.query(`select from idempotency_keys where key = 'guest'`);
    expect(rows).toHaveLength(0);
  });
});
