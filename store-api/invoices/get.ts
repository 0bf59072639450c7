import Type from 'typebox';
import { invoiceFacts } from '../../db/queries/invoices/invoice-facts.ts';
import { findInvoice, issueInvoice } from '../../db/queries/invoices/issue-invoice.ts';
import { lockOrder } from '../../db/queries/shipments/lock-order.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { maySee } from '../fulfilment/may-see.ts';
import { ById } from '../fulfilment/schemas.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { drawInvoice } from './draw.ts';
import { INVOICE_LANGUAGES } from './words.ts';

const Query = Type.Object(
  {
    language: Type.Optional(
      Type.String({ enum: [...INVOICE_LANGUAGES], description: 'Unless given, that of the preferences of the buyer.' }),
    ),
  },
  { additionalProperties: false },
);
const Pdf = {
  description: 'The invoice',
  content: { 'application/pdf': { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
};

export function invoiceRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/orders/:id/invoice',
    {
      config: { access: SIGNED_IN_OR_GUEST },
      schema: {
        summary: 'The invoice of an order of one’s own, as PDF',
        description:
          'From its confirmation on. Its number is taken with the first call, without gaps by year; the same order is the same file. Support sees everybody’s.',
        tags: ['orders'],
        params: ById,
        querystring: Query,
        response: { 200: Pdf, 401: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { invoice, facts } = await billed(services, id, callerOf(request));
      const file = await drawInvoice(invoice, id, facts, request.query.language ?? facts.language);
      reply.type('application/pdf').header('content-disposition', `inline; filename="invoice-${invoice.number}.pdf"`);
      return reply.send(file);
    },
  );
}

/** In one transaction, so that the number and what the invoice says belong together. */
async function billed({ database, clock }: StoreServices, orderId: string, caller: Identity) {
  return await withTransaction(database, async (client) => {
    const order = await lockOrder(client, orderId);
    if (order === undefined || !maySee(caller, order)) throw new Refusal('NOT_FOUND');
    const facts = await invoiceFacts(client, orderId, order.dropId);
    if (facts === undefined) throw new Refusal('NOT_FOUND');
    const known = await findInvoice(client, orderId);
    if (known !== undefined) return { invoice: known, facts };
    if (!facts.wasConfirmed) throw new Refusal('INVOICE_NOT_YET', { detail: `The order is ${order.status}.` });
    return { invoice: await issueInvoice(client, orderId, clock.now()), facts };
  });
}
