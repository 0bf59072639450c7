/** How somebody becomes a merchant, and what is known of them. */
import { findMerchant, lockMerchant, updateProfile, writeApplication } from '../../db/queries/merchants/merchants.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Application, fixedField, Merchant, ProfileChange } from './forms.ts';

const tags = ['merchants'];
const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };

export function applyRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/application',
    {
      config: { access: SIGNED_IN, idempotency: 'own' },
      schema: {
        summary: 'Asks to sell here',
        description: 'An admin decides. Who was declined may ask again.',
        tags,
        body: Application,
        response: { 201: Merchant, ...refusals },
      },
    },
    async (request, reply) => {
      const { userId, role } = callerOf(request);
      if (role === 'admin' || role === 'support') {
        throw new Refusal('FORBIDDEN', { detail: 'Who works for the shop does not sell in it: use another account.' });
      }
      await idempotently(services, request, reply, async (client) => {
        const profile = { taxNumber: '', line1: '', postalCode: '', city: '', ...request.body };
        const merchant = await writeApplication(client, userId, profile);
        if (merchant === undefined) throw new Refusal('APPLIED_ALREADY');
        return { status: 201, body: merchant, headers: { location: '/api/v1/seller/profile' } };
      });
    },
  );
}

export function profileRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/profile',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'What the shop knows of the merchant who asks',
        tags,
        response: { 200: Merchant, ...refusals },
      },
    },
    async (request, reply) => {
      const merchant = await findMerchant(database, callerOf(request).userId);
      return merchant ?? refuse(reply, 'NOT_FOUND', 'Nobody has applied with this account: POST /seller/application.');
    },
  );

  app.patch(
    '/seller/profile',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Changes what the shop knows of the merchant who asks',
        description: 'Once a merchant is let in, legalName, country and taxNumber stay as they were looked at.',
        tags,
        body: ProfileChange,
        response: { 200: Merchant, ...refusals },
      },
    },
    (request) =>
      withTransaction(database, async (client) => {
        const before = await lockMerchant(client, callerOf(request).userId);
        if (before === undefined) throw new Refusal('NOT_FOUND');
        const after = { ...before, ...request.body };
        const fixed = fixedField(before, after);
        if (fixed !== undefined) {
          throw new Refusal('FORBIDDEN', {
            detail: `${fixed}: it was looked at when you were let in. Ask the support.`,
          });
        }
        await updateProfile(client, before.id, after);
        return after;
      }),
  );
}
