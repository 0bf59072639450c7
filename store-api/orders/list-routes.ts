import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type ListedOrder, listOrders } from '../../db/queries/store-orders/list-orders.ts';
import { type Access, callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { State } from './view.ts';

const Id = Type.String({ pattern: UUID_V7_PATTERN });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Query = Type.Object(
  {
    status: Type.Optional(State),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: LIMITS.ordersPerPage, default: 20 }),
  },
  { additionalProperties: false },
);
const Page = Type.Object({
  items: Type.Array(
    Type.Object({
      ...{ id: Type.String(), source: Type.Union([Type.Literal('drop'), Type.Literal('store')]) },
      ...{ dropId: nullable(Type.String()), status: State, currency: Type.String() },
      total: Type.Integer({ minimum: 0, description: 'Minor units of the currency.' }),
      placedAt: Type.Integer(),
      title: Type.String({ description: 'Of its first line.' }),
      ...{ lines: Type.Integer(), units: Type.Integer() },
    }),
  ),
  nextCursor: nullable(Type.String()),
});

const OWN_OR_SUPPORT: Access = { to: 'own', param: 'id', orRoles: ['support', 'admin'], guests: true };

export function listOrdersRoutes(app: StoreApp, services: StoreServices): void {
  app.get(
    '/orders',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'One’s own orders, the newest first',
        ...{ tags: ['orders'], querystring: Query },
        response: { 200: Page, 400: Problem },
      },
    },
    async (request) => await pageOf(services, callerOf(request).userId, request.query),
  );
  app.get(
    '/users/:id/orders',
    {
      config: { access: OWN_OR_SUPPORT },
      schema: {
        summary: 'The orders of a person: their own, or for support',
        ...{ tags: ['orders'], params: Type.Object({ id: Id }), querystring: Query },
        response: { 200: Page, 400: Problem },
      },
    },
    async (request) => await pageOf(services, request.params.id, request.query),
  );
}

async function pageOf(
  { database }: StoreServices,
  shopperId: string,
  { status, cursor, limit }: Static<typeof Query>,
): Promise<Static<typeof Page>> {
  // One more tells whether there is another page.
  const asked = { shopperId, status: status ?? null, beforeId: cursor ?? null, limit: limit + 1 };
  const found = await listOrders(database, asked);
  const items = found.slice(0, limit);
  return { items: items.map(shown), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function shown({ totalMinor, placedAtMs, ...order }: ListedOrder) {
  return { ...order, total: totalMinor, placedAt: placedAtMs };
}
