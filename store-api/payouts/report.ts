/** What a merchant is owed, line by line, each with its order and its transfer in the money ledger. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { type Period, payoutLines, payoutsWithin, payoutTotals } from '../../db/queries/payouts/report.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { guardCell } from '../catalog-files/cells.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Id, Line, PayoutView, SpanShape, shownLine, shownPayout, shownSums, spanOf, Totals, tags } from './forms.ts';

const exact = { additionalProperties: false } as const;
const config = { access: sellers('analytics') };
const refusals = { 400: Problem, 403: Problem };

const Query = Type.Object(
  {
    ...SpanShape,
    cursor: Type.Optional({ ...Id, description: 'nextCursor of the page before.' }),
    limit: Type.Integer({ minimum: 1, maximum: LIMITS.payoutLines, default: 100 }),
  },
  exact,
);
const Answer = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  totals: Type.Array(Totals, { description: 'Of the whole time, each currency by itself.' }),
  payouts: Type.Array(PayoutView, { description: 'Closed periods that overlap it.' }),
  items: Type.Array(Line),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export function payoutReportRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/seller/payouts',
    {
      config,
      schema: {
        summary: 'What the merchant is owed: sales, refunds, fees and net, and each line of it',
        description: 'A line appears some seconds after the money moved.',
        ...{ tags, querystring: Query, response: { 200: Answer, ...refusals } },
      },
    },
    async (request) => {
      const { cursor = null, limit, ...span } = request.query;
      const period = spanOf(clock.now(), whose(request, span.merchantId), span);
      const [totals, payouts, found] = await Promise.all([
        payoutTotals(database, period),
        payoutsWithin(database, period),
        payoutLines(database, period, { after: cursor, limit: limit + 1 }),
      ]);
      const items = found.slice(0, limit).map(shownLine);
      return {
        ...{ from: period.fromMs, to: period.untilMs },
        totals: totals.map((one) => ({ currency: one.currency, ...shownSums(one) })),
        ...{ payouts: payouts.map(shownPayout), items },
        nextCursor: found.length > limit ? (items.at(-1)?.transferId ?? null) : null,
      };
    },
  );
}

export function payoutFileRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/seller/payouts/file',
    {
      config,
      schema: {
        summary: 'The lines of what the merchant is owed as a CSV file; amounts in minor units',
        ...{ tags, produces: ['text/csv'], querystring: Type.Object(SpanShape, exact) },
      },
    },
    async (request, reply) => {
      const period = spanOf(clock.now(), whose(request, request.query.merchantId), request.query);
      const lines = Readable.from(fileRows(database, period));
      const file = stringify();
      // A client that goes away ends the reading too.
      pipeline(lines, file, () => undefined);
      reply.header('content-disposition', 'attachment; filename="payouts.csv"');
      return reply.type('text/csv; charset=utf-8').send(file);
    },
  );
}

const COLUMNS = ['at', 'kind', 'orderId', 'transferId', 'currency', 'amount', 'fee', 'net', 'commission'] as const;

async function* fileRows(database: Database, period: Period): AsyncGenerator<readonly string[]> {
  yield [...COLUMNS, 'payout'];
  let after: string | null = null;
  for (;;) {
    const page = await payoutLines(database, period, { after, limit: LIMITS.payoutLines });
    for (const line of page) {
      const shown = { ...shownLine(line), at: new Date(line.atMs).toISOString() };
      yield [...COLUMNS.map((column) => guarded(shown[column])), String(line.payoutNumber ?? '')];
    }
    if (page.length < LIMITS.payoutLines) return;
    after = page.at(-1)?.transferId ?? null;
  }
}

/** A number below zero is no formula. */
function guarded(value: string | number): string {
  return typeof value === 'number' ? String(value) : guardCell(value);
}

function whose(request: FastifyRequest, merchantId: string | undefined): string {
  const { role, userId } = callerOf(request);
  if (role !== 'admin') {
    if (merchantId !== undefined && merchantId !== userId) throw new Refusal('FORBIDDEN');
    return userId;
  }
  if (merchantId === undefined) throw new Refusal('INVALID', { detail: 'Say of which merchant: merchantId.' });
  return merchantId;
}
