/** An invoice on paper. */
import type { InvoiceFacts, InvoiceLine, InvoiceSeller } from '../../db/queries/invoices/invoice-facts.ts';
import type { Invoice } from '../../db/queries/invoices/issue-invoice.ts';
import { amountOf, type InvoiceSums, money, percent, sumsOf } from './amounts.ts';
import { type Cell, createSheet, PAGE, type Sheet } from './sheet.ts';
import { type InvoiceWords, wordsOf } from './words.ts';

interface Drawing {
  readonly sheet: Sheet;
  readonly words: InvoiceWords;
  readonly facts: InvoiceFacts;
  readonly sums: InvoiceSums;
  readonly show: (minor: number) => string;
  readonly date: (atMs: number) => string;
}

const WIDTH = PAGE.right - PAGE.left;
const COLUMNS = {
  item: { x: PAGE.left, width: 220 },
  quantity: { x: 275, width: 45, align: 'right' },
  unitPrice: { x: 322, width: 80, align: 'right' },
  discount: { x: 404, width: 60, align: 'right' },
  amount: { x: 466, width: 79, align: 'right' },
} as const;

export async function drawInvoice(
  invoice: Invoice,
  orderId: string,
  facts: InvoiceFacts,
  language: string | null,
): Promise<Buffer> {
  const words = wordsOf(language);
  const title = `${words.invoice} ${invoice.number}`;
  const sheet = createSheet({ title, language: words.locale, at: new Date(invoice.issuedAtMs) });
  const dates = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: 'UTC' });
  const drawing: Drawing = {
    ...{ sheet, words, facts, sums: sumsOf(facts) },
    show: (minor) => money(minor, facts.currency, words),
    date: (atMs) => dates.format(atMs),
  };
  drawHead(drawing, title, [
    [words.issued, drawing.date(invoice.issuedAtMs)],
    [words.placed, drawing.date(facts.placedAtMs)],
    [words.order, orderId],
  ]);
  drawLines(drawing);
  drawSums(drawing);
  drawTax(drawing);
  drawPayments(drawing);
  if (sheet.isReplaced) {
    sheet.space(14);
    sheet.row([{ text: words.replaced, x: PAGE.left, width: WIDTH, size: 8, grey: true }]);
  }
  return await sheet.end((page, pages) => `${title} \u00b7 ${words.page(page, pages)}`);
}

type Mark = readonly [label: string, value: string];

function drawHead({ sheet, words, facts }: Drawing, title: string, marks: readonly Mark[]): void {
  sheet.row([{ text: title, x: PAGE.left, width: WIDTH, size: 20, bold: true }], { gap: 14 });
  const { address, buyerName } = facts;
  const place = address === null ? [] : [address.line1, address.line2, cityOf(address), address.country];
  const buyer = [address?.recipient ?? buyerName, ...place].filter((line) => line.trim() !== '');
  const left = [words.billedTo, ...buyer];
  for (let at = 0; at < Math.max(left.length, marks.length); at += 1) {
    const [label = '', value = ''] = marks[at] ?? [];
    sheet.row([
      { text: left[at] ?? '', x: PAGE.left, width: 230, bold: at === 0 },
      { text: label, x: 300, width: 65, grey: true },
      { text: value, x: 367, width: PAGE.right - 367 },
    ]);
  }
  sheet.space(16);
}

function drawLines(drawing: Drawing): void {
  const { sheet, words, facts } = drawing;
  const heading = () => {
    const cell = (name: keyof typeof COLUMNS, text: string): Cell => ({ ...COLUMNS[name], text, bold: true });
    sheet.row([
      cell('item', words.item),
      cell('quantity', words.quantity),
      cell('unitPrice', words.unitPrice),
      cell('discount', words.discount),
      cell('amount', words.amount),
    ]);
    sheet.rule();
  };
  heading();
  sheet.onNewPage(heading);
  for (const [sellerId, lines] of Map.groupBy(facts.lines, ({ sellerId }) => sellerId)) {
    const seller = facts.sellers.find(({ id }) => id === sellerId);
    sheet.keepTogether(50);
    if (seller !== undefined) {
      sheet.row([{ text: sellerText(seller, words), x: PAGE.left, width: WIDTH, size: 8, grey: true }], { gap: 5 });
    }
    for (const line of lines) drawLine(drawing, line);
    sheet.space(4);
  }
  sheet.onNewPage(undefined);
  sheet.rule();
}

function drawLine({ sheet, show }: Drawing, line: InvoiceLine): void {
  const { title, sku, quantity, unitPriceMinor, discountMinor } = line;
  const attributes = Object.entries(line.attributes).map(([name, value]) => `${name}: ${String(value)}`);
  const below = [sku, ...attributes].join(' \u00b7 ');
  sheet.row(
    [
      { ...COLUMNS.item, text: title },
      { ...COLUMNS.quantity, text: String(quantity) },
      { ...COLUMNS.unitPrice, text: show(unitPriceMinor) },
      { ...COLUMNS.discount, text: discountMinor === 0 ? '' : show(-discountMinor) },
      { ...COLUMNS.amount, text: show(amountOf(line)) },
    ],
    { gap: 0 },
  );
  sheet.row([{ ...COLUMNS.item, text: below, size: 7, grey: true }], { gap: 5 });
}

function drawSums({ sheet, words, sums, show }: Drawing): void {
  sheet.space(4);
  sheet.keepTogether(80);
  const line = (label: string, minor: number, bold = false) =>
    sheet.row([
      { text: label, x: 322, width: 140, bold },
      { ...COLUMNS.amount, x: 440, width: 105, text: show(minor), bold },
    ]);
  line(words.goods, sums.goodsMinor);
  if (sums.discountMinor > 0) line(words.discount, -sums.discountMinor);
  line(words.shipping, sums.shippingMinor);
  if (!sums.isTaxInside) line(words.tax, sums.taxMinor);
  line(words.total, sums.totalMinor, true);
}

function drawTax({ sheet, words, sums, show }: Drawing): void {
  const { isTaxInside, rate, netMinor, taxMinor, totalMinor } = sums;
  sheet.space(10);
  sheet.keepTogether(45);
  const cells = (texts: readonly string[], bold: boolean): readonly Cell[] =>
    texts.map((text, at) => ({
      ...{ text, bold, x: at === 0 ? PAGE.left : 137 + at * 82, width: at === 0 ? 160 : 80 },
      align: at === 0 ? ('left' as const) : ('right' as const),
    }));
  sheet.row(cells([isTaxInside ? words.taxInside : words.tax, words.rate, words.net, words.tax, words.gross], true));
  const shownRate = rate === null ? '\u2013' : percent(rate, words);
  sheet.row(cells(['', shownRate, show(netMinor), show(taxMinor), show(totalMinor)], false));
}

function drawPayments({ sheet, words, facts, show, date }: Drawing): void {
  sheet.space(10);
  sheet.keepTogether(30);
  const line = (label: string, atMs: number, minor: number) =>
    sheet.row([
      { text: `${label}, ${date(atMs)}`, x: PAGE.left, width: 380 },
      { ...COLUMNS.amount, x: 440, width: 105, text: show(minor) },
    ]);
  for (const { kind, atMs, amountMinor } of facts.payments) line(words.paid[kind ?? 'other'], atMs, amountMinor);
  for (const { atMs, amountMinor } of facts.refunds) line(words.refunded, atMs, -amountMinor);
}

function sellerText(seller: InvoiceSeller, { soldBy, taxNumber }: InvoiceWords): string {
  const place = [seller.line1, cityOf(seller), seller.country].filter((part) => part !== '');
  const tax = seller.taxNumber === '' ? [] : [`${taxNumber} ${seller.taxNumber}`];
  return [`${soldBy} ${seller.name}`, ...place, ...tax].join(' \u00b7 ');
}

function cityOf(place: { readonly postalCode: string; readonly city: string; readonly area?: string }): string {
  return [place.postalCode, place.city, place.area ?? ''].filter((part) => part !== '').join(' ');
}
