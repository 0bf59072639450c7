/** Movements of stock: what comes in, goes out, was counted anew, or goes from one warehouse to another. */
import Type from 'typebox';
import { tellInventory } from '../../db/queries/stock/alerts.ts';
import type { StockChange } from '../../db/queries/stock/change-stock.ts';
import { setLowStock } from '../../db/queries/stock/list-inventory.ts';
import type { LockedShelf } from '../../db/queries/stock/lock-stock.ts';
import { changeCatalog, recordPrivileged } from '../caching/change.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { BySku } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { LowStockBody, Moved, MovementBody, refusals, TransferBody, tags } from './forms.ts';
import { changeOwnStock, moveOwn } from './own.ts';

const config = { access: sellers('inventory'), idempotency: 'own' } as const;
const description = 'All of it or none. With an Idempotency-Key, the same call again changes nothing.';

export function moveStockRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/inventory/movements',
    {
      config,
      schema: {
        ...{ summary: 'Stock that came in, went out, or was counted anew', description, tags, body: MovementBody },
        response: { 201: Moved, ...refusals },
      },
    },
    async (request, reply) => {
      const { kind, reason, items } = request.body;
      await changeOwnStock(services, request, reply, async (own) => {
        const changes = items.map(({ sku, warehouseId, quantity }): StockChange => {
          if (quantity === 0 || (kind !== 'adjust' && quantity < 0)) {
            throw new Refusal('INVALID', { detail: `${sku}: the quantity of this kind of movement is above zero.` });
          }
          const delta = kind === 'out' ? -quantity : quantity;
          return { sku, warehouseId, kind, delta, reason, transferId: null, actorId: own.caller.userId };
        });
        const { movementIds, shelves } = await moveOwn(services, own, changes);
        const act = { action: `inventory.${kind}`, subjectKind: 'movement', subjectId: movementIds[0] ?? '' };
        return { status: 201, body: { movementIds, shelves: shelves.map(shownShelf) }, act };
      });
    },
  );

  app.post(
    '/seller/inventory/transfers',
    {
      config,
      schema: {
        ...{ summary: 'Moves stock from one warehouse to another', description, tags, body: TransferBody },
        response: { 201: Moved, ...refusals },
      },
    },
    async (request, reply) => {
      const { fromWarehouseId, toWarehouseId, items, reason = 'transfer' } = request.body;
      if (fromWarehouseId === toWarehouseId) {
        throw new Refusal('INVALID', { detail: 'toWarehouseId: it is there already.' });
      }
      await changeOwnStock(services, request, reply, async (own) => {
        const transferId = services.nextId();
        const shared = { kind: 'transfer', reason, transferId, actorId: own.caller.userId } as const;
        const { movementIds, shelves } = await moveOwn(
          services,
          own,
          items.flatMap(({ sku, quantity }) => [
            { ...shared, sku, warehouseId: fromWarehouseId, delta: -quantity },
            { ...shared, sku, warehouseId: toWarehouseId, delta: quantity },
          ]),
        );
        const act = { action: 'inventory.transfer', subjectKind: 'transfer', subjectId: transferId };
        return { status: 201, body: { transferId, movementIds, shelves: shelves.map(shownShelf) }, act };
      });
    },
  );
}

const shownShelf = ({ sku, warehouseId, onHand, reserved, available }: LockedShelf) => ({
  ...{ sku, warehouseId, onHand, reserved, available },
});

export function lowStockRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/seller/variants/:sku/low-stock',
    {
      config: { access: sellers('inventory') },
      schema: {
        ...{
          summary: 'When the merchant wants to be told that little is left',
          tags,
          params: BySku,
          body: LowStockBody,
        },
        response: { 200: Type.Object({ sku: Type.String(), lowStockAt: Type.Integer() }), ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const [{ sku }, { lowStockAt }] = [request.params, request.body];
      await changeCatalog(services, async (change) => {
        const product = await setLowStock(change.client, { sku, lowStockAt, merchantId: merchantOf(caller) });
        if (product === undefined) throw new Refusal('NOT_FOUND');
        // A change of a variant is one of its product's version.
        change.stale('product', product.productId, product.slug);
        await tellInventory(change.client, [sku], 'low-stock');
        const act = { action: 'variant.low-stock', subjectKind: 'variant', subjectId: sku, detail: { lowStockAt } };
        await recordPrivileged(change, services, caller, act);
      });
      return { sku, lowStockAt };
    },
  );
}
