import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { COLUMNS } from './columns.ts';
import { exportedRows } from './export.ts';
import { importFile } from './import.ts';
import { bounded, createFilesInHand } from './in-hand.ts';

const OfMerchant = Type.Optional({ ...Uuid(), description: 'Given by admins only.' });

const Report = Type.Object({
  rows: Type.Integer(),
  refused: Type.Integer({ description: 'Rows that were not taken.' }),
  productsMade: Type.Integer(),
  productsChanged: Type.Integer(),
  variantsMade: Type.Integer(),
  variantsChanged: Type.Integer(),
  isComplete: Type.Boolean({ description: 'False when the rest of the file was not read.' }),
  errors: Type.Array(
    Type.Object({
      line: Type.Integer(),
      column: Type.Union([Type.String(), Type.Null()]),
      reason: Type.String(),
    }),
    { description: `The first ${LIMITS.importErrors}.` },
  ),
});

export function catalogFileRoutes(app: StoreApp, services: StoreServices): void {
  const begin = createFilesInHand();

  app.register((scope: StoreApp, _options, done) => {
    // The body is not read here: the import takes row after row from it.
    scope.addContentTypeParser('text/csv', (_request, payload, parsed) => parsed(null, payload));
    scope.post(
      '/seller/products/import',
      {
        config: { access: sellers('catalog'), idempotency: 'none' },
        schema: {
          summary: 'Products and variants from a CSV file',
          description:
            'text/csv in UTF-8, one row a variant. Rows with errors are left out and told by line and column.',
          tags: ['products'],
          consumes: ['text/csv'],
          querystring: Type.Object(
            { dryRun: Type.Boolean({ default: false, description: 'Looks only.' }), merchant: OfMerchant },
            { additionalProperties: false },
          ),
          response: { 200: Report, 400: Problem, 413: Problem },
        },
      },
      async (request) => {
        const { dryRun, merchant } = request.query;
        const { body } = request;
        if (!(body instanceof Readable))
          throw new Refusal('INVALID', { detail: 'A file of type text/csv is expected.' });
        const merchantId = whose(request, merchant);
        const end = begin();
        try {
          const report = await importFile(services, bounded(body), { merchantId, isDryRun: dryRun });
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
    '/seller/products/export',
    {
      config: { access: sellers('catalog') },
      schema: {
        summary: 'All products of a merchant as a CSV file that can be imported again',
        tags: ['products'],
        produces: ['text/csv'],
        querystring: Type.Object({ merchant: OfMerchant }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      const merchantId = whose(request, request.query.merchant);
      const end = begin();
      const rows = Readable.from(exportedRows(services.catalog.reads, merchantId), { highWaterMark: 1 });
      const text = stringify({ header: true, columns: [...COLUMNS] });
      pipeline(rows, text, (error) => {
        end();
        if (error) request.log.warn({ err: error }, 'an export did not come to its end');
      });
      return reply
        .header('content-disposition', 'attachment; filename="products.csv"')
        .header('cache-control', 'private, no-store')
        .type('text/csv; charset=utf-8')
        .send(text);
    },
  );
}

function whose(request: FastifyRequest, named: string | undefined): string {
  const own = merchantOf(callerOf(request));
  if (own !== null) {
    if (named !== undefined && named !== own) throw new Refusal('FORBIDDEN');
    return own;
  }
  if (named === undefined) throw new Refusal('INVALID', { detail: 'merchant: an admin says whose products.' });
  return named;
}
