import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { findReturn, listReturns, returnsOfOrder } from '../../db/queries/returns/find-returns.ts';
import { maySee } from '../fulfilment/may-see.ts';
import { ById, Id, nullable } from '../fulfilment/schemas.ts';
import { callerOf, SIGNED_IN_OR_GUEST, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ReturnAnswer, ReturnStateName, shownReturn } from './schemas.ts';

const tags = ['returns'];
const Page = Type.Object({ items: Type.Array(ReturnAnswer), nextCursor: nullable(Type.String()) });
const Query = Type.Object(
  {
    status: Type.Optional(ReturnStateName),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

export function returnsOfOrderRoute(app: StoreApp, { database }: StoreServices): void {
  const config = { access: SIGNED_IN_OR_GUEST };
  const schema = {
    summary: 'The returns of an order of one’s own, the newest first',
    ...{ tags, params: ById, response: { 200: Page, 404: Problem } },
  };
  app.get('/orders/:id/returns', { config, schema }, async (request, reply) => {
    const order = await findOrder(database, request.params.id);
    if (order === undefined || !maySee(callerOf(request), order)) return refuse(reply, 'NOT_FOUND');
    const found = await returnsOfOrder(database, order.id, LIMITS.returnsPerOrder);
    return { items: found.map(shownReturn), nextCursor: null };
  });
}

export function getReturnRoute(app: StoreApp, { database }: StoreServices): void {
  const config = { access: SIGNED_IN_OR_GUEST };
  const schema = {
    summary: 'A return: for its shopper, its merchant and the support',
    ...{ tags, params: ById, response: { 200: ReturnAnswer, 404: Problem } },
  };
  app.get('/returns/:id', { config, schema }, async (request, reply) => {
    const caller = callerOf(request);
    const found = await findReturn(database, request.params.id);
    const isSeller = caller.role === 'merchant' && found?.merchantId === caller.userId;
    if (found === undefined || !(isSeller || maySee(caller, found))) return refuse(reply, 'NOT_FOUND');
    return shownReturn(found);
  });
}

export function listReturnsRoute(app: StoreApp, { database }: StoreServices): void {
  const config = { access: sellers('orders', 'support') };
  const schema = {
    summary: 'Returns to decide on and to receive, the newest first',
    description:
      'A merchant sees those of what only they sold. Those with goods of several merchants are for the support, who sees all.',
    ...{ tags, querystring: Query, response: { 200: Page, 400: Problem } },
  };
  app.get('/seller/returns', { config, schema }, async (request) => {
    const { userId, role } = callerOf(request);
    const { status = null, cursor: before = null, limit } = request.query;
    const merchantId = role === 'merchant' ? userId : null;
    const found = await listReturns(database, { merchantId, status, before, limit: limit + 1 });
    const items = found.slice(0, limit);
    return {
      items: items.map(shownReturn),
      nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null,
    };
  });
}
