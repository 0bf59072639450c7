/** Where stock is kept: a merchant's own warehouses, and those that the shop offers to all, which only an admin changes. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import {
  countWarehouses,
  deleteWarehouse,
  findWarehouses,
  insertWarehouse,
  isWarehouseUsed,
  listWarehouses,
  lockWarehouse,
  type StoredWarehouse,
  updateWarehouse,
} from '../../db/queries/stock/warehouses.ts';
import { changeOwnStock, type OwnStock } from '../inventory/own.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Refusal, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { ById, Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { limit, NewWarehouse, refusals, tags, Warehouse, WarehouseChange } from './forms.ts';

const config = { access: sellers('inventory') };
const changing = { access: sellers('inventory'), idempotency: 'own' } as const;

export function readWarehouseRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/warehouses',
    {
      config,
      schema: {
        ...{ summary: 'The warehouses that the merchant who asks may use', tags },
        querystring: Type.Object({ cursor: Type.Optional(Uuid()), limit }, { additionalProperties: false }),
        response: {
          200: Type.Object({ items: Type.Array(Warehouse), nextCursor: Type.Union([Type.String(), Type.Null()]) }),
          ...refusals,
        },
      },
    },
    async (request) => {
      const { cursor = null, limit } = request.query;
      const merchantId = merchantOf(callerOf(request));
      const found = await listWarehouses(database, { merchantId, after: cursor, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/seller/warehouses/:id',
    { config, schema: { summary: 'One warehouse', tags, params: ById, response: { 200: Warehouse, ...refusals } } },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findWarehouses(database, [id], merchantOf(callerOf(request)));
      return found.get(id) ?? refuse(reply, 'NOT_FOUND');
    },
  );
}

export function changeWarehouseRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/warehouses',
    {
      config: changing,
      schema: {
        ...{ summary: 'A new warehouse of the merchant; an admin makes one that all share', tags, body: NewWarehouse },
        response: { 201: Warehouse, ...refusals },
      },
    },
    async (request, reply) => {
      await changeOwnStock(services, request, reply, async ({ client, merchantId }) => {
        const isMore =
          merchantId !== null && (await countWarehouses(client, merchantId)) >= LIMITS.warehousesPerMerchant;
        if (isMore) throw new Refusal('TOO_MANY');
        const id = services.nextId();
        const body = await insertWarehouse(client, { isActive: true, ...request.body, id, merchantId });
        if (body === undefined) throw new Refusal('NAME_TAKEN', { detail: 'There is a warehouse with this code.' });
        const act = { action: 'warehouse.create', subjectKind: 'warehouse', subjectId: id };
        return { status: 201, body, headers: { location: `/api/v1/seller/warehouses/${id}` }, act };
      });
    },
  );

  app.patch(
    '/seller/warehouses/:id',
    {
      config: changing,
      schema: {
        ...{ summary: 'Changes a warehouse; one that is not active promises nothing new', tags, params: ById },
        body: WarehouseChange,
        response: { 200: Warehouse, ...refusals },
      },
    },
    (request, reply) => changeWarehouse(services, request, reply, request.params.id, request.body),
  );

  app.delete(
    '/seller/warehouses/:id',
    {
      config: changing,
      schema: {
        ...{ summary: 'Removes a warehouse that nothing was ever kept in', tags, params: ById },
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await changeOwnStock(services, request, reply, async (own) => {
        await theirs(own, id);
        if (await isWarehouseUsed(own.client, id)) {
          throw new Refusal('IN_USE', { detail: 'Its journal needs it. Close it instead: PATCH isActive to false.' });
        }
        await deleteWarehouse(own.client, id);
        const act = { action: 'warehouse.remove', subjectKind: 'warehouse', subjectId: id };
        return { status: 204, body: null, act };
      });
    },
  );
}

async function changeWarehouse(
  services: StoreServices,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  change: Static<typeof WarehouseChange>,
) {
  await changeOwnStock(services, request, reply, async (own) => {
    const body = { ...(await theirs(own, id)), ...change };
    const taken = await own.client.query('select from warehouses where code = $1 and id <> $2', [body.code, id]);
    if (taken.rowCount !== 0) throw new Refusal('NAME_TAKEN', { detail: 'There is a warehouse with this code.' });
    await updateWarehouse(own.client, id, body);
    return { status: 200, body, act: { action: 'warehouse.update', subjectKind: 'warehouse', subjectId: id } };
  });
}

/** One that they may change: a shared one is looked at by all, and changed by admins. */
async function theirs({ client, merchantId }: OwnStock, id: string): Promise<StoredWarehouse> {
  const found = await lockWarehouse(client, id, merchantId);
  if (found === undefined) throw new Refusal('NOT_FOUND');
  return found;
}
