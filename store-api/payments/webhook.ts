import Type from 'typebox';
import { noteWebhook } from '../../db/queries/note-webhook.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Received = Type.Object({ received: Type.Literal(true) });

/**
 * What a payment provider tells. Its signature is over the very bytes, so they are kept as they came. The answer says
 * only that it is written down: what it means is asked of the provider, so that neither repeats nor their order matter.
 */
export function webhookRoute(app: StoreApp, { database, providers }: StoreServices): void {
  app.register((scope: StoreApp, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post(
      '/payments/webhooks/:provider',
      {
        config: { access: EVERYBODY, idempotency: 'none' },
        schema: {
          summary: 'For payment providers',
          description: 'Signed by the provider in its own way (Stripe-Signature).',
          tags: ['payments'],
          params: Type.Object({ provider: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }) }),
          response: { 200: Received, 400: Problem, 404: Problem, 413: Problem },
        },
      },
      async (request, reply) => {
        const provider = request.params.provider;
        const known = providers.byName(provider);
        if (known === undefined) return refuse(reply, 'NOT_FOUND');
        const { body, headers } = request;
        const signature = headers['stripe-signature'];
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const webhook = known.readWebhook(bytes, typeof signature === 'string' ? signature : '');
        if (!webhook.ok) return refuse(reply, 'INVALID', webhook.reason);
        const { eventId, type, ref, isPaid } = webhook;
        const receipt = await noteWebhook(database, { provider, eventId, type, ref, isPaid });
        request.log.debug({ provider, eventId, type, receipt }, 'a webhook came');
        return { received: true } as const;
      },
    );
    done();
  });
}
