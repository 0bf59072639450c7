import Type from 'typebox';
import { noticeEvent } from '../../contracts/notices.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { findReturn } from '../../db/queries/returns/find-returns.ts';
import { decideReturn } from '../../db/queries/returns/write-returns.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { orderTitle } from '../../db/queries/shipments/order-title.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { doingOf, recordOrderAct } from '../fulfilment/acts.ts';
import { ById } from '../fulfilment/schemas.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { DECIDERS, type LockedReturn, lockReturn } from './lock-return.ts';
import { ReturnAnswer, shownReturn, Words } from './schemas.ts';

interface Decision {
  readonly path: '/returns/:id/approve' | '/returns/:id/decline';
  readonly status: 'APPROVED' | 'DECLINED';
  /** Where an order goes that waits for the decision. */
  readonly orderTo: 'RETURN_APPROVED' | 'DELIVERED';
  readonly summary: string;
  readonly Body: Type.TObject<{ note: Type.TString | Type.TOptional<Type.TString> }>;
}

const exact = { additionalProperties: false } as const;
const DECISIONS: readonly Decision[] = [
  {
    ...{ path: '/returns/:id/approve', status: 'APPROVED', orderTo: 'RETURN_APPROVED' },
    summary: 'Lets the shopper send it back',
    Body: Type.Object({ note: Type.Optional(Words(0)) }, exact),
  },
  {
    ...{ path: '/returns/:id/decline', status: 'DECLINED', orderTo: 'DELIVERED' },
    summary: 'Declines a return, and says why; the order stays delivered',
    Body: Type.Object({ note: Words(1) }, exact),
  },
];

export function decideReturnRoutes(app: StoreApp, services: StoreServices): void {
  for (const decision of DECISIONS) decideRoute(app, services, decision);
}

function decideRoute(app: StoreApp, services: StoreServices, decision: Decision): void {
  app.post(
    decision.path,
    {
      config: { access: DECIDERS, idempotency: 'own' },
      schema: {
        summary: decision.summary,
        tags: ['returns'],
        params: ById,
        body: decision.Body,
        response: { 200: ReturnAnswer, 400: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) =>
      await idempotently(services, request, reply, async (client) => {
        const caller = callerOf(request);
        const { id } = request.params;
        const { note = '' } = request.body;
        const locked = await lockReturn(client, id, caller, 'REQUESTED');
        const doing = doingOf(services, caller, `return ${decision.status.toLowerCase()}`);
        await decideReturn(client, id, { status: decision.status, note, nowMs: doing.nowMs });
        if (locked.order.status === 'RETURN_REQUESTED') {
          await stepOrders(client, [orderStep(locked.order, 'RETURN_REQUESTED', decision.orderTo, doing)]);
        }
        await tellDecided(client, services, locked, { decision: decision.status, note });
        await recordOrderAct(client, services, caller, {
          ...{ action: `return.${decision.status.toLowerCase()}`, subjectKind: 'return', subjectId: id },
          detail: { orderId: locked.order.orderId },
        });
        const decided = await findReturn(client, id);
        if (decided === undefined) throw new Refusal('INTERNAL');
        return { status: 200, body: shownReturn(decided) };
      }),
  );
}

async function tellDecided(
  client: DatabaseClient,
  { nextId, clock }: StoreServices,
  { order, wanted }: LockedReturn,
  { decision, note }: { readonly decision: Decision['status']; readonly note: string },
): Promise<void> {
  const { orderId, shopperId: userId } = order;
  const values = {
    ...{ orderId, title: await orderTitle(client, orderId), note },
    ...{ amount: wanted.refundMinor, currency: wanted.currency },
    decision: decision === 'APPROVED' ? ('approved' as const) : ('declined' as const),
  };
  const text = noticeEvent({ template: 'return-decided', userId, eventId: nextId(), at: clock.now(), values });
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text }]);
}
