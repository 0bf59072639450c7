/** What a merchant has on their shelves. An admin sees the stock of all. */
import Type from 'typebox';
import { listAlerts } from '../../db/queries/stock/alerts.ts';
import { listInventory } from '../../db/queries/stock/list-inventory.ts';
import { listMovements } from '../../db/queries/stock/list-movements.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { BySku, Sku, Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { AlertPage, KindName, limit, MovementPage, refusals, Stocked, StockedPage, tags } from './forms.ts';

const config = { access: sellers('inventory') };
const exact = { additionalProperties: false } as const;

export function listInventoryRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/inventory',
    {
      config,
      schema: {
        ...{ summary: 'The stock of the merchant who asks, by SKU', tags },
        querystring: Type.Object(
          {
            sku: Type.Optional(Sku()),
            warehouse: Type.Optional({ ...Uuid(), description: 'Only what that warehouse has or had.' }),
            low: Type.Boolean({ default: false, description: 'Only what is low or sold out.' }),
            cursor: Type.Optional(Sku()),
            limit,
          },
          exact,
        ),
        response: { 200: StockedPage, ...refusals },
      },
    },
    async (request) => {
      const { sku = null, warehouse = null, low, cursor = null, limit } = request.query;
      const found = await listInventory(database, {
        ...{ merchantId: merchantOf(callerOf(request)), sku, warehouseId: warehouse, isLow: low },
        ...{ after: cursor, limit: limit + 1 },
      });
      const items = found.slice(0, limit).map(shown);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.sku ?? null) : null };
    },
  );

  app.get(
    '/seller/inventory/:sku',
    {
      config,
      schema: {
        ...{ summary: 'The stock of one article, warehouse by warehouse', tags, params: BySku },
        response: { 200: Stocked, ...refusals },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const filter = { merchantId: merchantOf(callerOf(request)), sku, warehouseId: null, isLow: false };
      const [found] = await listInventory(database, { ...filter, after: null, limit: 1 });
      return found === undefined ? refuse(reply, 'NOT_FOUND') : shown(found);
    },
  );

  app.get(
    '/seller/inventory/movements',
    {
      config,
      schema: {
        ...{ summary: 'The journal: everything that changed what lies on the shelves, the newest first', tags },
        querystring: Type.Object(
          {
            ...{ sku: Type.Optional(Sku()), warehouse: Type.Optional(Uuid()), kind: Type.Optional(KindName) },
            ...{ cursor: Type.Optional(Uuid()), limit },
          },
          exact,
        ),
        response: { 200: MovementPage, ...refusals },
      },
    },
    async (request) => {
      const { sku = null, warehouse = null, kind = null, cursor = null, limit } = request.query;
      const found = await listMovements(database, {
        ...{ merchantId: merchantOf(callerOf(request)), sku, warehouseId: warehouse, kind },
        ...{ before: cursor, limit: limit + 1 },
      });
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}

const shown = <T extends { readonly shelves: readonly object[] }>(variant: T) => ({
  ...variant,
  shelves: variant.shelves.map((shelf: T['shelves'][number]) => ({ ...shelf })),
});

export function listAlertsRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/alerts',
    {
      config,
      schema: {
        ...{ summary: 'What is or was low or sold out, the newest first', tags },
        querystring: Type.Object(
          {
            open: Type.Boolean({ default: true, description: 'Only what still is.' }),
            ...{ cursor: Type.Optional(Uuid()), limit },
          },
          exact,
        ),
        response: { 200: AlertPage, ...refusals },
      },
    },
    async (request) => {
      const { open, cursor = null, limit } = request.query;
      const merchantId = merchantOf(callerOf(request));
      const found = await listAlerts(database, { merchantId, isOpen: open, before: cursor, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
