import { describe, expect, it } from 'vitest';
import { openShop, productBody } from '../../../test/fixtures/catalog.ts';
import { newId } from '../../../test/fixtures/drop.ts';
import { useStore } from '../../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../../test/fixtures/told.ts';

const store = useStore();

async function shop() {
  const opened = await openShop(store);
  const { token } = opened;
  const product = productBody(opened);
  await store.call('POST', '/api/v1/products', { token, body: product });
  const code = `w-${newId()}`;
  const place = { code, name: 'Barn', country: 'DE', latitude: 0, longitude: 0 };
  const made = await store.call('POST', '/api/v1/seller/warehouses', { token, body: place });
  const upload = (body: string, query = '') =>
    store.call('POST', `/api/v1/seller/inventory/import${query}`, {
      token,
      body,
      headers: { 'content-type': 'text/csv' },
    });
  const download = async () => (await store.call('GET', '/api/v1/seller/inventory/export', { token })).text;
  const [sku = '', other = ''] = product.variants.map((variant) => variant.sku);
  return { ...opened, sku, other, code, warehouseId: textAt(made.body, 'id'), upload, download };
}

describe('a file of stock', () => {
  it('sets levels, by adjustments, and changes nothing when it comes again', async () => {
    const { sku, other, code, token, upload, download } = await shop();
    const file = `sku,warehouse,on_hand\n${sku},${code},7\n${other},${code},0\n`;
    expect((await upload(file, '?dryRun=true')).body).toMatchObject({ rows: 2, changed: 1, errors: [] });
    expect(await download()).toBe('sku,warehouse,on_hand,reserved,available\n');
    const first = await upload(file);
    expect(first.body, first.text).toEqual({ rows: 2, refused: 0, changed: 1, isComplete: true, errors: [] });
    expect((await upload(await download())).body).toMatchObject({ rows: 1, changed: 0, refused: 0 });
    await upload(`warehouse,on_hand,sku\n${code},4,${sku}\n`);
    const journal = await store.call('GET', `/api/v1/seller/inventory/movements?sku=${sku}`, { token });
    expect(valueAt(journal.body, 'items')).toMatchObject([
      { kind: 'adjust', quantity: -3, reason: 'file' },
      { kind: 'adjust', quantity: 7 },
    ]);
  });

  it('tells what is wrong by line and column, and takes the rest', async () => {
    const [mine, theirs] = [await shop(), await shop()];
    const { sku, other, code, warehouseId, upload } = mine;
    await upload(`sku,warehouse,on_hand\n${sku},${code},5\n`);
    await store.database.pool.query('update inventory set reserved = 3 where sku = $1 and warehouse_id = $2', [
      sku,
      warehouseId,
    ]);
    const lines = [
      ...['sku,warehouse,on_hand', `${sku},${code},2`, `${theirs.sku},${code},1`, `${other},${theirs.code},1`],
      ...[
        `${other},${code},-1`,
        `${other},${code},9`,
        `${other},${code},8`,
        `,${code},8`,
        `${other},${code},9999999999`,
      ],
    ];
    const { body } = await upload(lines.join('\n'));
    expect(body).toMatchObject({ rows: 8, refused: 7, changed: 1, isComplete: true });
    const at = listAt(body, 'errors').map((one) => [numberAt(one, 'line'), valueAt(one, 'column')]);
    expect(at).toEqual([
      [2, 'on_hand'],
      [3, 'sku'],
      [4, 'warehouse'],
      [5, 'on_hand'],
      [7, null],
      [8, 'sku'],
      [9, 'on_hand'],
    ]);
  });

  it('is refused whole when its head is wrong, and up to where it breaks otherwise', async () => {
    const { sku, code, upload } = await shop();
    expect((await upload('')).status).toBe(400);
    expect(valueAt((await upload('sku,warehouse\n')).body, 'detail')).toContain('on_hand');
    expect(valueAt((await upload('sku,warehouse,on_hand,colour\n')).body, 'detail')).toContain('colour');
    const broken = await upload(`sku,warehouse,on_hand\n${sku},${code},3\nx,"y\n`);
    expect(broken.body).toMatchObject({ rows: 1, changed: 1, isComplete: false });
  });
});
