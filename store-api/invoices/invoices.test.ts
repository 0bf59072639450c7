import fc from 'fast-check';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { priceOrder } from '../../commerce/pricing/price-order.ts';
import { RATE_UNIT, taxRateAt } from '../../commerce/tax/rates.ts';
import type { InvoiceFacts } from '../../db/queries/invoices/invoice-facts.ts';
import { placeOrder } from '../../test/db/place-order.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { money, sumsOf } from './amounts.ts';
import { drawInvoice } from './draw.ts';
import { printable } from './printable.ts';
import { wordsOf } from './words.ts';

const store = useStore();
const pool = () => store.database.pool;

async function scene(options: { recipient?: string; title?: string; lines?: number } = {}) {
  const [ada, bob, shopper] = [await store.person('merchant'), await store.person('merchant'), await store.person()];
  const warehouse = await openWarehouse(pool());
  const { recipient = 'Ada Lovelace', title = 'Stoneware mug', lines = 1 } = options;
  const mug = await stockGoods(pool(), { merchantId: ada.userId, shelves: { [warehouse]: 500 } });
  const pot = await stockGoods(pool(), { merchantId: bob.userId, shelves: { [warehouse]: 500 } });
  await pool().query(
    `insert into merchants (user_id, name, legal_name, country, tax_number, contact_email, line1, postal_code, city, status, decided_at)
     values ($1, 'Ada', 'Ada & Töchter GmbH', 'AT', 'ATU123', 'a@b.example', 'Ring 1', '1010', 'Wien', 'active', now())
     on conflict (user_id) do update set legal_name = excluded.legal_name, tax_number = excluded.tax_number`,
    [ada.userId],
  );
  const id = await confirmOrder(pool(), {
    ...{ shopperId: shopper.userId, recipient, shippingMinor: 590 },
    lines: [
      ...Array.from({ length: lines }, (_none, n) => ({
        ...{
          ...mug,
          from: { [warehouse]: 3 },
          title: `${title} ${n + 1}`,
          unitPriceMinor: 123_456,
          discountMinor: 100,
        },
      })),
      { ...pot, title: 'Pot', from: { [warehouse]: 1 }, unitPriceMinor: 2_000 },
    ],
  });
  return { ada, bob, shopper, id };
}

const invoice = (token: string, id: string, query = '') =>
  store.app.inject({
    ...{ method: 'GET', url: `/api/v1/orders/${id}/invoice${query}` },
    headers: { authorization: `Bearer ${token}` },
  });

async function textOf(pdf: Buffer): Promise<{ text: string; pages: number }> {
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return { text: text.replaceAll('\u00a0', ' '), pages: totalPages };
}

describe('an invoice', () => {
  it('says who sold what to whom, at which price, how it was paid, and the same each time', async () => {
    const { shopper, id } = await scene();
    const first = await invoice(shopper.token, id);
    expect(first.headers['content-type']).toBe('application/pdf');
    const number = /invoice-(\d{4}-\d{6})\.pdf/.exec(String(first.headers['content-disposition']))?.[1];
    const { text } = await textOf(first.rawPayload);
    for (const words of [
      `Invoice ${number}`,
      ...['Ada Lovelace', 'Herrengasse 1', '8010 Graz', id],
      ...['Ada & Töchter GmbH', 'ATU123', 'Stoneware mug 1', 'Pot'],
      // 3 × 1,234.56 − 1.00, and all of it.
      ...['3,702.68 EUR', '–1.00 EUR', '5.90 EUR', '3,728.58 EUR', 'Paid by card', 'Page 1 of 1'],
    ]) {
      expect(text).toContain(words);
    }
    expect((await invoice(shopper.token, id)).rawPayload.equals(first.rawPayload)).toBe(true);
    const german = await textOf((await invoice(shopper.token, id, '?language=de')).rawPayload);
    expect(german.text).toContain('3.728,58 EUR');
    expect(german.text).toContain(`Rechnung ${number}`);
  });

  it('has as many pages as it needs, each with its heading', async () => {
    const { shopper, id } = await scene({ lines: 90 });
    const { text, pages } = await textOf((await invoice(shopper.token, id)).rawPayload);
    expect(pages).toBeGreaterThan(2);
    expect(text.match(/Unit price/g)).toHaveLength(pages);
    for (let n = 1; n <= 90; n += 1) expect(text).toContain(`Stoneware mug ${n}`);
    expect(text).toContain(`Page ${pages} of ${pages}`);
  });

  it('shows refunds that were made', async () => {
    const { shopper, id } = await scene();
    await pool().query(
      `insert into refunds (id, order_id, payment_id, amount_minor, reason, status, done_at)
       values (uuidv7(), $1, $1, 4200, 'returned', 'DONE', now()), (uuidv7(), $1, $1, 77, 'returned', 'PENDING', null)`,
      [id],
    );
    const { text } = await textOf((await invoice(shopper.token, id)).rawPayload);
    expect(text).toContain('–42.00 EUR');
    expect(text).not.toContain('0.77');
  });

  it('is numbered without a gap, also when many are asked for at once', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => scene()));
    const before = await lastNumber();
    const answers = await Promise.all(
      orders.flatMap(({ shopper, id }) => [invoice(shopper.token, id), invoice(shopper.token, id)]),
    );
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const { rows } = await pool().query<{ number: string }>(
      'select number from invoices where order_id = any ($1::uuid[]) order by number',
      [orders.map(({ id }) => id)],
    );
    const year = new Date().getUTCFullYear();
    expect(rows.map(({ number }) => number)).toEqual(
      orders.map((_order, n) => `${year}-${String(before + n + 1).padStart(6, '0')}`),
    );
    await expect(pool().query('delete from invoices')).rejects.toMatchObject({ code: 'ODJ01' });
  });

  it('is there from the confirmation on, for the buyer and the support', async () => {
    const { ada, id } = await scene();
    const [support, shopper] = [await store.person('support'), await store.person()];
    expect((await invoice(support.token, id)).statusCode).toBe(200);
    expect((await invoice(ada.token, id)).statusCode).toBe(404);
    expect((await invoice((await store.guest()).token, id)).statusCode).toBe(404);
    const unpaid = await placeOrder(pool());
    await pool().query('update orders set shopper_id = $2 where id = $1', [unpaid, shopper.userId]);
    const early = await invoice(shopper.token, unpaid);
    expect(early.json()).toMatchObject({ status: 409, code: 'INVOICE_NOT_YET', detail: 'The order is PENDING.' });
  });

  it('tells where letters could not be printed as they are', async () => {
    const { shopper, id } = await scene({ recipient: 'Paul Erdős 张', title: 'Кружка' });
    const { text } = await textOf((await invoice(shopper.token, id)).rawPayload);
    expect(text).toContain('Paul Erdos [5F20]');
    expect(text).toContain('were replaced by the nearest ones');
    const plain = await scene({ recipient: 'Zoë Müller' });
    expect((await textOf((await invoice(plain.shopper.token, plain.id)).rawPayload)).text).not.toContain('replaced');
  });
});

async function lastNumber(): Promise<number> {
  const { rows } = await pool().query<{ last: number }>('select last from invoice_numbers');
  return rows[0]?.last ?? 0;
}

const money2 = (minor: number, currency: string, language: string) => money(minor, currency, wordsOf(language));

describe('the figures of an invoice', () => {
  it.each([
    [123_456_789, 'EUR', 'en', '1,234,567.89\u00a0EUR'],
    [-123_456_789, 'EUR', 'de-AT', '–1.234.567,89\u00a0EUR'],
    [1_234, 'JPY', 'en', '1,234\u00a0JPY'],
    [5, 'KWD', 'de', '0,005\u00a0KWD'],
    [Number.MAX_SAFE_INTEGER, 'EUR', 'xx', '90,071,992,547,409.91\u00a0EUR'],
  ])('show %d %s in %s as %s', (minor, currency, language, shown) => {
    expect(money2(minor, currency, language)).toBe(shown);
  });

  it('add up to what was paid, whether the tax is inside or on top, and name its rate', () => {
    const lines = fc.array(fc.record({ unitPriceMinor: fc.nat(100_000), quantity: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    const countries = fc.constantFrom('DE', 'AT', 'BR');
    fc.assert(
      fc.property(lines, countries, fc.boolean(), fc.nat(5_000), (goods, country, inside, shippingMinor) => {
        const tax = inside ? 'included' : 'added';
        const taxRate = taxRateAt({ country });
        const priced = priceOrder({ lines: goods, discountMinor: 0, shippingMinor, tax, taxRate });
        if (!priced.ok) throw new Error(priced.problem);
        const { amounts } = priced;
        const sums = sumsOf(factsOf(goods, amounts, { country, inside }));
        const beside = inside ? 0 : sums.taxMinor;
        expect(sums.goodsMinor - sums.discountMinor + sums.shippingMinor + beside).toBe(amounts.totalMinor);
        expect(sums.shippingMinor).toBe(shippingMinor);
        if (sums.taxMinor > 0) expect(sums.rate).toBe(taxRate);
        expect(taxRate).toBeLessThan(RATE_UNIT);
      }),
    );
  });

  it('are drawn for amounts of any size', async () => {
    const total = 9_000_000_000_000_00;
    const amounts = { itemsMinor: total, discountMinor: 0, taxMinor: 0, shippingMinor: 0, totalMinor: total };
    const facts = factsOf([{ unitPriceMinor: total, quantity: 1 }], amounts, { country: 'BR', inside: true });
    const pdf = await drawInvoice({ number: '2026-000001', issuedAtMs: 1_790_000_000_000 }, 'order', facts, 'en');
    expect((await textOf(pdf)).text).toContain('9,000,000,000,000.00 EUR');
  });
});

function factsOf(
  lines: readonly { unitPriceMinor: number; quantity: number }[],
  amounts: Pick<InvoiceFacts, 'itemsMinor' | 'discountMinor' | 'taxMinor' | 'shippingMinor' | 'totalMinor'>,
  { country, inside }: { country: string; inside: boolean },
): InvoiceFacts {
  return {
    ...amounts,
    ...{ region: null, currency: 'EUR', placedAtMs: 1_790_000_000_000, wasConfirmed: true, language: null },
    ...{ buyerName: '', sellers: [], payments: [], refunds: [] },
    address: {
      ...{ recipient: 'A', line1: 'B', line2: '', city: 'C', area: '', postalCode: '', country, phone: '' },
    },
    lines: lines.map((line) => ({
      ...{ ...line, title: 'T', sku: 'S', attributes: {}, discountMinor: 0, sellerId: null },
      taxMinor: inside ? null : 0,
    })),
  };
}

describe('printable text', () => {
  it('has only letters that the fonts have, and says when something was replaced', () => {
    const known = new TextDecoder('windows-1252');
    const letters = new Set(Array.from({ length: 256 }, (_none, byte) => known.decode(Uint8Array.of(byte))));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const { text, isReplaced } = printable(raw);
        expect(Array.from(text).every((letter) => letters.has(letter))).toBe(true);
        if (!isReplaced)
          expect(text.replaceAll(/\s|-/g, '')).toBe(
            raw.normalize('NFC').replaceAll(/[\s\p{Cc}\u2010\u2011\u2212-]/gu, ''),
          );
      }),
    );
    expect(printable('Łódź 3\u202f000 €')).toEqual({ text: 'Lódz 3\u00a0000 €', isReplaced: true });
    expect(printable('Zoë – “Œuvre”')).toEqual({ text: 'Zoë – “Œuvre”', isReplaced: false });
  });
});
