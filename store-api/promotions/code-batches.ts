import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { insertCodes, listCodes } from '../../db/queries/promotion-codes.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { hashOfCode, newCode, printed } from './codes.ts';
import { actOn, MERCHANT_OR_ADMIN, promotionFor } from './whose.ts';

const config = { access: MERCHANT_OR_ADMIN };
const params = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Query = Type.Object(
  {
    cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 100 }),
  },
  { additionalProperties: false },
);
const Listed = Type.Object({
  id: Type.String(),
  ending: Type.String(),
  batchId: Type.String(),
  isUsed: Type.Boolean(),
});

export function codeRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/promotions/:id/codes',
    {
      config: { ...config, idempotency: 'none' },
      schema: {
        summary: 'Make one-time codes. They are told in this answer and never again.',
        params,
        body: Type.Object(
          { count: Type.Integer({ minimum: 1, maximum: LIMITS.codesPerBatch }) },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ batchId: Type.String(), codes: Type.Array(Type.String()) }), 404: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const promotion = await promotionFor(services.database, request.params.id, caller);
      if (promotion.codeKind !== 'single')
        throw new Refusal('INVALID', { detail: 'This promotion has no one-time codes.' });
      const batchId = services.nextId();
      const codes = Array.from({ length: request.body.count }, newCode);
      await withTransaction(services.database, async (client) => {
        const kept = codes.map((code) => ({ hash: hashOfCode(code), ending: code.slice(-4) }));
        await insertCodes(client, { promotionId: promotion.id, batchId, codes: kept });
        await recordAct(client, { ...actOn(services, caller, 'codes', promotion.id), detail: { count: codes.length } });
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ batchId, codes: codes.map(printed) });
    },
  );
  app.get(
    '/promotions/:id/codes',
    {
      config,
      schema: {
        summary: 'One-time codes by their endings, and which of them are used',
        params,
        querystring: Query,
        response: {
          200: Type.Object({ items: Type.Array(Listed), nextCursor: nullable(Type.String()) }),
          404: Problem,
        },
      },
    },
    async (request) => {
      const { id } = await promotionFor(services.database, request.params.id, callerOf(request));
      const { cursor, limit } = request.query;
      const found = await listCodes(services.database, { promotionId: id, after: cursor ?? null, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
