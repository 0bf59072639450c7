import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../../contracts/limits.ts';
import { holdRole, insertAuditEntry } from '../../../db/queries/audit-log.ts';
import { listInventory, type StockedVariant } from '../../../db/queries/stock/list-inventory.ts';
import { type Database, withTransaction } from '../../../platform/connections/postgres.ts';
import { guardCell } from '../../catalog-files/cells.ts';
import { bounded, createFilesInHand } from '../../catalog-files/in-hand.ts';
import { callerOf, sellers } from '../../plugins/access.ts';
import { Problem, Refusal } from '../../plugins/problems.ts';
import { merchantOf } from '../../products/own.ts';
import { Uuid } from '../../products/schemas.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { tags } from '../forms.ts';
import { COLUMNS } from './columns.ts';
import { importLevels } from './import.ts';

const OfMerchant = Type.Optional({ ...Uuid(), description: 'Given by admins only.' });
const exact = { additionalProperties: false } as const;

const Report = Type.Object({
  rows: Type.Integer(),
  refused: Type.Integer({ description: 'Rows that were not taken.' }),
  changed: Type.Integer({ description: 'Shelves that have another level now; in a dry run, that would have.' }),
  isComplete: Type.Boolean({ description: 'False when the rest of the file was not read.' }),
  errors: Type.Array(
    Type.Object({ line: Type.Integer(), column: Type.Union([Type.String(), Type.Null()]), reason: Type.String() }),
    { description: `The first ${LIMITS.importErrors}.` },
  ),
});

export function stockFileRoutes(app: StoreApp, services: StoreServices): void {
  const begin = createFilesInHand();

  app.register((scope: StoreApp, _options, done) => {
    // The body is not read here: the import takes row after row from it.
    scope.addContentTypeParser('text/csv', (_request, payload, parsed) => parsed(null, payload));
    scope.post(
      '/seller/inventory/import',
      {
        // What a file says is how much there is, not how much came: the same file again changes nothing.
        config: { access: sellers('inventory'), idempotency: 'own' },
        schema: {
          ...{ summary: 'Levels of stock from a CSV file', tags, consumes: ['text/csv'] },
          description:
            'text/csv in UTF-8 with the columns sku, warehouse (its code) and on_hand. Rows with errors are left out and told by line and column.',
          querystring: Type.Object({ dryRun: Type.Boolean({ default: false }), merchant: OfMerchant }, exact),
          response: { 200: Report, 400: Problem, 413: Problem },
        },
      },
      async (request) => {
        const { body } = request;
        if (!(body instanceof Readable)) {
          throw new Refusal('INVALID', { detail: 'A file of type text/csv is expected.' });
        }
        const { dryRun: isDryRun, merchant } = request.query;
        const merchantId = whose(request, merchant);
        await requireRole(services, request, merchantId);
        const end = begin();
        try {
          const writing = { merchantId, isDryRun, actorId: callerOf(request).userId };
          const report = await importLevels(services, bounded(body), writing);
          return { ...report, errors: [...report.errors] };
        } finally {
          end();
          // What was not read is of no use: the connection is not kept waiting for it.
          body.resume();
        }
      },
    );
    done();
  });

  app.get(
    '/seller/inventory/export',
    {
      config: { access: sellers('inventory') },
      schema: {
        ...{
          summary: 'All shelves of a merchant as a CSV file that can be imported again',
          tags,
          produces: ['text/csv'],
        },
        querystring: Type.Object({ merchant: OfMerchant }, exact),
      },
    },
    async (request, reply) => {
      const merchantId = whose(request, request.query.merchant);
      const end = begin();
      const rows = Readable.from(exportedRows(services.database, merchantId), { highWaterMark: 1 });
      const text = stringify({ header: true, columns: [...COLUMNS] });
      pipeline(rows, text, (error) => {
        end();
        if (error) request.log.warn({ err: error }, 'an export did not come to its end');
      });
      return reply
        .header('content-disposition', 'attachment; filename="stock.csv"')
        .header('cache-control', 'private, no-store')
        .type('text/csv; charset=utf-8')
        .send(text);
    },
  );
}

async function requireRole(
  { database, nextId }: StoreServices,
  request: FastifyRequest,
  merchantId: string,
): Promise<void> {
  const { userId, role } = callerOf(request);
  await withTransaction(database, async (client) => {
    if ((await holdRole(client, userId)) !== role) throw new Refusal('FORBIDDEN');
    if (role !== 'admin') return;
    const act = { action: 'inventory.import', subjectKind: 'merchant', subjectId: merchantId, detail: {} };
    await insertAuditEntry(client, { ...act, id: nextId(), actorId: userId, actorRole: role });
  });
}

async function* exportedRows(database: Database, merchantId: string): AsyncGenerator<readonly string[]> {
  const filter = { merchantId, sku: null, warehouseId: null, isLow: false, limit: LIMITS.exportBatch };
  let after: string | null = null;
  for (;;) {
    const page: StockedVariant[] = await listInventory(database, { ...filter, after });
    for (const { sku, shelves } of page) {
      for (const { code, onHand, reserved, available } of shelves) {
        yield [sku, code, String(onHand), String(reserved), String(available)].map(guardCell);
      }
    }
    if (page.length < LIMITS.exportBatch) return;
    after = page.at(-1)?.sku ?? null;
  }
}

function whose(request: FastifyRequest, named: string | undefined): string {
  const own = merchantOf(callerOf(request));
  if (own !== null) {
    if (named !== undefined && named !== own) throw new Refusal('FORBIDDEN');
    return own;
  }
  if (named === undefined) throw new Refusal('INVALID', { detail: 'merchant: an admin says whose stock.' });
  return named;
}
