import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { holdRole } from '../../db/queries/audit-log.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { askRefund, type RefundAnswer } from '../../db/queries/store-payments/ask-refund.ts';
import { type FoundPayment, findPayment } from '../../db/queries/store-payments/find-payment.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';

const Body = Type.Object(
  {
    amount: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'In minor units of the payment; all that is left unless given.',
      }),
    ),
    reason: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  },
  { additionalProperties: false },
);
const Asked = Type.Object({
  id: Type.String(),
  paymentId: Type.String(),
  orderId: Type.String(),
  status: Type.Literal('PENDING'),
  amount: Type.Integer(),
  currency: Type.String(),
});

/** Written here, made by the payments worker: by the provider that took the money, or into the wallet. */
export function refundPaymentRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/payments/:id/refund',
    {
      config: { access: sellers('orders', 'support'), idempotency: 'own' },
      schema: {
        summary: 'Gives money back, all of it or a part',
        description:
          'For the support, and for the merchant who sells all of the order. Needs an Idempotency-Key. The order stays what it is.',
        tags: ['payments'],
        params: ById,
        body: Body,
        response: {
          202: Asked,
          ...{ 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem },
        },
      },
    },
    async (request, reply) => {
      const { userId, role } = callerOf(request);
      const { amount, reason } = request.body;
      return await idempotently(
        services,
        request,
        reply,
        async (client) => {
          const payment = await refundable(client, callerOf(request), request.params.id);
          const { id: paymentId, orderId } = payment;
          const id = services.nextId();
          const asked = { id, orderId, paymentId, reason, ...(amount === undefined ? {} : { amountMinor: amount }) };
          const answer = await askRefund(client, asked, LIMITS.refundsPerPayment);
          if (!answer.ok) throw refusalOf(answer);
          const { amountMinor, currency } = answer;
          await recordAct(client, {
            ...{ id: services.nextId(), actorId: userId, actorRole: role, action: 'payment.refund' },
            ...{
              subjectKind: 'payment',
              subjectId: paymentId,
              detail: { orderId, refundId: id, amountMinor, currency },
            },
          });
          return { status: 202, body: { id, paymentId, orderId, status: 'PENDING', amount: amountMinor, currency } };
        },
        { required: true },
      );
    },
  );
}

/** With the role of now: a token says what somebody was up to a quarter of an hour ago. */
async function refundable(client: DatabaseClient, { userId, role }: Identity, id: string): Promise<FoundPayment> {
  if ((await holdRole(client, userId)) !== role) throw new Refusal('FORBIDDEN');
  const payment = await findPayment(client, id);
  const isTheirs = role !== 'merchant' || payment?.merchantId === userId;
  if (payment === undefined || !isTheirs) throw new Refusal('NOT_FOUND');
  // That it was taken is only their word, and it would become money of the shop in a wallet.
  if (role === 'merchant' && payment.kind === 'cod') {
    throw new Refusal('FORBIDDEN', { detail: 'What was paid in cash is given back by the support.' });
  }
  return payment;
}

function refusalOf(answer: Exclude<RefundAnswer, { readonly ok: true }>): Refusal {
  switch (answer.problem) {
    case 'not-taken':
      return new Refusal('NOT_REFUNDABLE');
    case 'too-many':
      return new Refusal('NOT_REFUNDABLE', { detail: 'This payment has as many refunds as one may have.' });
    case 'too-large':
      return new Refusal('REFUND_TOO_LARGE', {
        detail: `${answer.leftMinor} ${answer.currency} (minor units) are left.`,
      });
  }
}
