import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { pageOfResult, type ResultRow } from '../../db/queries/drops/order-figures.ts';
import { findSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { guardCell, writePrice } from '../catalog-files/cells.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';

const Csv = {
  description: 'A line for each order.',
  content: { 'text/csv': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
};
const COLUMNS = [
  ...['order', 'time', 'region', 'sku', 'title', 'quantity', 'amount', 'currency', 'status', 'payment', 'refunded'],
];

export function dropResultRoute(app: StoreApp, { database }: StoreServices): void {
  let inHand = 0;
  app.get(
    '/seller/drops/:id/result.csv',
    {
      config: { access: sellers('drops') },
      schema: {
        summary: 'All orders of a drop as a CSV file, in the order in which they were claimed',
        tags: ['seller drops'],
        produces: ['text/csv'],
        params: ById,
        response: { 200: Csv, 404: Problem },
      },
    },
    async (request, reply) => {
      const own = await findSellerDrop(database, request.params.id, merchantOf(callerOf(request)));
      if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
      if (inHand >= LIMITS.resultFilesAtOnce) return refuse(reply, 'BUSY');
      inHand += 1;
      const rows = Readable.from(resultRows(database, own.drop.id), { highWaterMark: 1 });
      const text = stringify({ header: true, columns: COLUMNS });
      pipeline(rows, text, (error) => {
        inHand -= 1;
        if (error) request.log.warn({ err: error }, 'a result did not come to its end');
      });
      return reply
        .header('content-disposition', `attachment; filename="drop-${own.drop.id}.csv"`)
        .header('cache-control', 'private, no-store')
        .type('text/csv; charset=utf-8')
        .send(text);
    },
  );
}

/** Page after page, as fast as they are taken: the file is never in memory. */
async function* resultRows(database: Database, dropId: string): AsyncGenerator<readonly string[]> {
  let after: string | null = null;
  for (;;) {
    const page: ResultRow[] = await pageOfResult(database, { dropId, after, orders: LIMITS.resultPage });
    for (const row of page) yield cellsOf(row).map(guardCell);
    // An order of a drop is one line.
    if (page.length < LIMITS.resultPage) return;
    after = page.at(-1)?.id ?? null;
  }
}

function cellsOf(row: ResultRow): string[] {
  const { id, placedAt, region, sku, title, quantity, amountMinor, currency, status, payment, refundedMinor } = row;
  return [
    ...[id, placedAt.toISOString(), region, sku, title, String(quantity), writePrice(amountMinor, currency), currency],
    ...[status, payment ?? '', writePrice(refundedMinor, currency)],
  ];
}
