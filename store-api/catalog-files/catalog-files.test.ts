import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { openShop, productBody, type Shop } from '../../test/fixtures/catalog.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt } from '../../test/fixtures/told.ts';

const store = useStore();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(store);
});

const HEAD = 'slug,title,category,sku,price,currency';

async function send(file: string | Readable, options: { query?: string; token?: string; type?: string } = {}) {
  const answer = await store.app.inject({
    method: 'POST',
    url: `/api/v1/seller/products/import${options.query ?? ''}`,
    headers: {
      authorization: `Bearer ${options.token ?? shop.token}`,
      'content-type': options.type ?? 'text/csv',
    },
    payload: file,
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function exported(token = shop.token): Promise<string> {
  const answer = await store.call('GET', '/api/v1/seller/products/export', { token });
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
  return answer.text;
}

describe('a catalog file', () => {
  it('makes products, changes them, and does nothing when it comes again', async () => {
    const [slug, sku] = [`f-${newId()}`, newId()];
    const rows = [
      `${slug},Mug,${shop.categorySlug},${sku}-1,22.00,USD`,
      `${slug},Mug,${shop.categorySlug},${sku}-2,24,USD`,
    ];
    const made = await send([HEAD, ...rows].join('\n'));
    expect(made.body).toMatchObject({
      rows: 2,
      refused: 0,
      productsMade: 1,
      variantsMade: 2,
      isComplete: true,
      errors: [],
    });
    const again = await send([HEAD, ...rows].join('\r\n'));
    expect(again.body).toMatchObject({ productsMade: 0, productsChanged: 0, variantsMade: 0, variantsChanged: 0 });
    const dearer = rows[0]?.replace('22.00', '23.50');
    expect((await send(`\ufeff${HEAD}\n${dearer}`)).body).toMatchObject({ variantsChanged: 1, productsChanged: 0 });
    const prices = await store.database.pool.query(
      'select h.price_minor::int from price_history h join variants v on v.id = h.variant_id where sku = $1 order by h.position',
      [`${sku}-1`],
    );
    expect(prices.rows.map(({ price_minor }) => price_minor)).toEqual([2_200, 2_350]);
  });

  it('tells what is wrong by line and column, and takes the rest', async () => {
    const other = await openShop(store);
    const theirs = productBody(other);
    expect((await store.call('POST', '/api/v1/products', { token: other.token, body: theirs })).status).toBe(201);
    const id = newId();
    const good = (n: number) => `g-${n}-${id},Mug,${shop.categorySlug},G-${n}-${id},1.00,USD`;
    const file = [
      `${HEAD},brand`,
      `${good(1)},`,
      `"b-${id}","Two\nlines",${shop.categorySlug},B-${id},1.00,USD,`,
      `b-${id},Mug,no-such-category,C-${id},1.00,USD,`,
      `b-${id},Mug,${shop.categorySlug},D-${id},1.005,USD,`,
      `B ${id},,${shop.categorySlug},E ${id},x,usd,`,
      `${theirs.slug},Mug,${shop.categorySlug},F-${id},1.00,USD,`,
      `b-${id},Mug,${shop.categorySlug},${theirs.variants[0]?.sku},1.00,USD,no-brand`,
      `${good(1)},`,
      `g-1-${id},Mug,${shop.categorySlug},H-${id},1.00,EUR,`,
      `${good(2)},`,
    ].join('\n');
    for (const query of ['?dryRun=true', '']) {
      const { status, body } = await send(file, { query });
      expect(status).toBe(200);
      const told = body.errors.map(({ line, column }: { line: number; column: string }) => `${line} ${column}`);
      expect(told.toSorted()).toEqual(
        [
          ...['3 title', '5 category', '6 price', '7 slug', '7 title', '7 currency', '7 price', '7 sku'],
          ...['8 slug', '9 brand', '9 sku', '10 sku', '11 currency'],
        ].toSorted(),
      );
      expect(body).toMatchObject({ rows: 10, refused: 8, isComplete: true });
      expect([body.productsMade, body.variantsMade]).toEqual(query === '' ? [2, 2] : [0, 0]);
    }
    const seen = await store.database.pool.query('select 1 from products where slug = $1', [`b-${id}`]);
    expect(seen.rows).toEqual([]);
  });

  it.each([
    ['nothing', '', 'empty'],
    ['a column that there is not', `${HEAD},colour\n`, 'colour'],
    ['a column missing', 'slug,title\n', 'category'],
    ['a column twice', `${HEAD},slug\n`, 'twice'],
  ])('with %s is refused', async (_what, file, detail) => {
    const { status, body } = await send(file);
    expect([status, body.code]).toEqual([400, 'INVALID']);
    expect(body.detail).toContain(detail);
  });

  it('is read up to where it is no CSV any more', async () => {
    const id = newId();
    const row = (n: number) => `q-${n}-${id},Mug,${shop.categorySlug},Q-${n}-${id},1.00,USD`;
    const open = await send([HEAD, row(1), `"q-2,${'x'.repeat(100)}`, row(3)].join('\n'));
    expect(open.body).toMatchObject({ isComplete: false, productsMade: 1, errors: [{ line: 3, column: null }] });
    const short = await send([HEAD, row(4), 'only,two', row(5)].join('\n'));
    expect(short.body).toMatchObject({ isComplete: false, productsMade: 1, errors: [{ line: 3, column: null }] });
  });

  it('in another encoding, or with characters that are none, is told of', async () => {
    const row = (title: Buffer) => Buffer.concat([Buffer.from(`${HEAD}\nx-${newId()},`), title]);
    const rest = Buffer.from(`,${shop.categorySlug},${newId()},1.00,USD\n`);
    for (const title of [Buffer.from('M\u00fcsli', 'latin1'), Buffer.from('a\u0000b')]) {
      const { status, body } = await send(Readable.from([row(title), rest]));
      expect([status, body.refused, body.errors[0].column]).toEqual([200, 1, 'title']);
    }
  });

  it('comes from merchants only, as text/csv, for themselves', async () => {
    const shopper = await store.person();
    expect((await send(HEAD, { token: shopper.token })).status).toBe(403);
    expect((await send('{}', { type: 'application/json' })).status).toBe(400);
    expect((await send(HEAD, { query: `?merchant=${newId()}` })).status).toBe(403);
    const admin = await store.person('admin');
    expect((await send(HEAD, { token: admin.token })).status).toBe(400);
    const forShop = await send(HEAD, { token: admin.token, query: `?merchant=${shop.merchantId}` });
    expect(forShop.body).toMatchObject({ rows: 0, isComplete: true });
  });

  it('that was exported changes nothing when it is imported, whatever is in it', async () => {
    const odd = await openShop(store);
    const { token } = await store.person('admin');
    const brand = { slug: `b-${newId()}`, name: 'B' };
    const brandId = textAt((await store.call('POST', '/api/v1/brands', { token, body: brand })).body, 'id');
    const bodies = [
      productBody(odd, {
        title: '=1+1',
        description: '"quoted", and\r\na line; \'tis\n',
        brandId,
        tags: ['a|b', 'c\\'],
      }),
      productBody(odd, { title: "'@x", specifications: { 'a=b': 'c|d', '-': '=x' }, status: 'draft' }),
      productBody(odd, { variants: [], images: [] }),
      productBody(odd, { variants: [{ sku: newId(), price: 1_500, currency: 'JPY' }] }),
    ];
    for (const body of bodies) {
      expect((await store.call('POST', '/api/v1/products', { token: odd.token, body })).status).toBe(201);
    }
    const first = await exported(odd.token);
    expect(first).not.toMatch(/(^|,)"?[=+@-]/m);
    const back = await send(first, { token: odd.token });
    expect(back.body).toMatchObject({
      refused: 0,
      productsMade: 0,
      productsChanged: 0,
      variantsMade: 0,
      variantsChanged: 0,
    });
    expect(await exported(odd.token)).toBe(first);
    await store.database.pool.query('update variants set sku = sku || $1', ['-old']);
    await store.database.pool.query(`update products set slug = slug || '-old' where merchant_id = $1`, [
      odd.merchantId,
    ]);
    const anew = await send(first, { token: odd.token });
    expect(anew.body).toMatchObject({ refused: 0, productsMade: 4, variantsMade: 5 });
  });

  it('is one of few at once', async () => {
    const gate = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<string> {
      yield `${HEAD}\n`;
      await gate.promise;
    }
    const waiting = Array.from({ length: LIMITS.catalogFilesAtOnce }, () => send(Readable.from(slow())));
    const over = await send(HEAD);
    expect([over.status, over.body.code]).toEqual([503, 'BUSY']);
    gate.resolve();
    for (const { status } of await Promise.all(waiting)) expect(status).toBe(200);
    expect((await send(HEAD)).status).toBe(200);
  });

  it('of 20,000 rows is taken within bounded memory, and given back', async () => {
    const big = await openShop(store);
    const ROWS = 20_000;
    let mostAhead = 0;
    async function* file(): AsyncGenerator<string> {
      yield `${HEAD},description,status\n`;
      for (let n = 0; n < ROWS; n += 1) {
        if (n % 1_000 === 0) mostAhead = Math.max(mostAhead, n - (await written()));
        const price = n === 10_000 ? 'x' : '1.00';
        yield `big-${n >> 1},Big ${n >> 1},${big.categorySlug},BIG-${n},${price},USD,${'d'.repeat(300)},active\n`;
      }
    }
    async function written(): Promise<number> {
      const query = `select count(*)::int as n from variants where sku like 'BIG-%'`;
      return (await store.database.pool.query<{ n: number }>(query)).rows[0]?.n ?? 0;
    }
    const { body } = await send(Readable.from(file()), { token: big.token });
    expect(body).toMatchObject({ rows: ROWS, refused: 1, productsMade: ROWS / 2, variantsMade: ROWS - 1 });
    expect(body.errors).toMatchObject([{ line: 10_002, column: 'price' }]);
    // What is read and not yet written is a batch and what the streams between hold, however long the file.
    expect(mostAhead).toBeLessThan(3 * LIMITS.importBatch);
    const lines = (await exported(big.token)).trimEnd().split('\n');
    expect(lines).toHaveLength(ROWS);
  }, 60_000);
});
