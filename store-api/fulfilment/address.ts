import Type from 'typebox';
import { taxRateAt } from '../../commerce/tax/rates.ts';
import type { AddressFields } from '../../db/queries/addresses.ts';
import { type LockedOrder, lockOrder } from '../../db/queries/shipments/lock-order.ts';
import { findOrderAddress, putOrderAddress } from '../../db/queries/shipments/order-address.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { AddressForm, fieldsOf, SentTo } from '../addresses/forms.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './schemas.ts';

const BEFORE_PACKING: ReadonlySet<string> = new Set(['PENDING', 'REVIEW', 'CONFIRMED']);
const Body = Type.Omit(AddressForm, ['isDefault'], { additionalProperties: false });

export function orderAddressRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/orders/:id/address',
    {
      config: { access: SIGNED_IN_OR_GUEST, idempotency: 'own' },
      schema: {
        summary: 'Where an order of one’s own goes, until it is packed',
        description:
          'The order of a drop has no address at first: without one it goes to the default address of its shopper. An order of the store keeps its country and its rate of tax, which it was priced by.',
        tags: ['orders'],
        params: ById,
        body: Body,
        response: { 200: SentTo, 400: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const { id } = request.params;
        const order = await lockOrder(client, id);
        if (order === undefined || order.shopperId !== callerOf(request).userId) throw new Refusal('NOT_FOUND');
        const address = fieldsOf(request.body);
        await refuseUnlessMay(client, order, address);
        await putOrderAddress(client, id, address);
        return { status: 200, body: address };
      }),
  );
}

async function refuseUnlessMay(client: DatabaseClient, order: LockedOrder, to: AddressFields): Promise<void> {
  if (!BEFORE_PACKING.has(order.status)) {
    const detail = `The order is ${order.status}; its address can be changed until it is packed.`;
    throw new Refusal('STEP_REFUSED', { detail });
  }
  const from = order.source === 'store' ? await findOrderAddress(client, order.orderId) : undefined;
  if (from !== undefined && (from.country !== to.country || taxRateAt(from) !== taxRateAt(to))) {
    throw new Refusal('ADDRESS_FIXED');
  }
}
