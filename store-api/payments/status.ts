import { findPayment } from '../../db/queries/store-payments/find-payment.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, Payment, shownPayment } from './forms.ts';

export function paymentStatusRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/payments/:id/status',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'How a payment stands, and where the shopper has to confirm it',
        description: 'One’s own; everybody’s for support. The first payment of an order has the id of the order.',
        tags: ['payments'],
        params: ById,
        response: { 200: Payment, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { userId, kind, role } = callerOf(request);
      const payment = await findPayment(database, request.params.id);
      const isStaff = kind === 'user' && (role === 'support' || role === 'admin');
      if (payment === undefined || (payment.shopperId !== userId && !isStaff)) return refuse(reply, 'NOT_FOUND');
      return shownPayment(payment);
    },
  );
}
