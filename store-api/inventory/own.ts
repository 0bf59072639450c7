/** What a merchant does with their own stock: once for each Idempotency-Key, with the role that they have now. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import { holdRole } from '../../db/queries/audit-log.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import type { StockChange } from '../../db/queries/stock/change-stock.ts';
import { changeStock } from '../../db/queries/stock/change-stock.ts';
import { findOwnSkus } from '../../db/queries/stock/list-inventory.ts';
import { tellAvailability } from '../../db/queries/stock/tell-availability.ts';
import { findWarehouses } from '../../db/queries/stock/warehouses.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { type Done, idempotently } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreServices } from '../services.ts';

export interface OwnStock {
  readonly client: DatabaseClient;
  readonly caller: Identity;
  /** Null of an admin, who may do it for all. */
  readonly merchantId: string | null;
}

type Services = Pick<StoreServices, 'nextId' | 'clock'>;

export interface StockAct {
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
}

export async function changeOwnStock(
  services: StoreServices,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (own: OwnStock) => Promise<Done & { readonly act: StockAct }>,
): Promise<void> {
  const caller = callerOf(request);
  await idempotently(services, request, reply, async (client) => {
    // A token says what somebody was up to a quarter of an hour ago: who was suspended moves nothing.
    if ((await holdRole(client, caller.userId)) !== caller.role) throw new Refusal('FORBIDDEN');
    const { act, ...done } = await work({ client, caller, merchantId: merchantOf(caller) });
    if (caller.role === 'admin') {
      await recordAct(client, {
        ...act,
        id: services.nextId(),
        actorId: caller.userId,
        actorRole: caller.role,
        detail: {},
      });
    }
    return done;
  });
}

/** Moves what is the merchant's, between warehouses that are open to them; refuses everything of which one part cannot be. */
export async function moveOwn(services: Services, { client, merchantId }: OwnStock, changes: readonly StockChange[]) {
  const skus = await findOwnSkus(
    client,
    changes.map(({ sku }) => sku),
    merchantId,
  );
  const foreign = changes.find(({ sku }) => !skus.has(sku));
  if (foreign !== undefined) throw new Refusal('NOT_FOUND', { detail: `There is no article ${foreign.sku} of yours.` });
  const warehouses = await findWarehouses(
    client,
    changes.map(({ warehouseId }) => warehouseId),
    merchantId,
  );
  for (const { warehouseId, delta } of changes) {
    const warehouse = warehouses.get(warehouseId);
    if (warehouse === undefined)
      throw new Refusal('NOT_FOUND', { detail: `There is no warehouse ${warehouseId} of yours.` });
    if (!warehouse.isActive && delta > 0) {
      throw new Refusal('STEP_REFUSED', { detail: `The warehouse ${warehouse.code} is closed: nothing new comes in.` });
    }
  }
  const changed = await changeStock(client, changes, LIMITS.unitsOnShelf);
  if (changed.ok) {
    const skus = changes.map(({ sku }) => sku);
    await tellAvailability(client, skus, { nextId: services.nextId, atMs: services.clock.now() });
    return changed;
  }
  const { sku, onHand, reserved } = changed.shelf;
  const code = warehouses.get(changed.shelf.warehouseId)?.code ?? '';
  if (changed.problem === 'SHORT') {
    const detail = `${sku} in ${code}: ${onHand} there, ${reserved} of them promised.`;
    throw new Refusal('STOCK_SHORT', { detail });
  }
  throw new Refusal('SHELF_FULL', { detail: `${sku} in ${code}: ${onHand} there, at most ${LIMITS.unitsOnShelf}.` });
}
