import { newId } from '../../fixtures/drop.ts';
import { textAt } from '../../fixtures/told.ts';
import { create, type OwnThing, type Stage, type WalkEntries } from './walk.ts';

const endpoint = (path: string) => `http://127.0.0.1:9/${path}`;

async function webhook(stage: Stage): Promise<{ readonly id: string }> {
  const body = { url: endpoint(newId()), events: ['order.placed'] };
  return { id: await create(stage, 'POST', '/api/v1/seller/webhooks', body) };
}
async function delivery(stage: Stage) {
  const { id } = await webhook(stage);
  const { body } = await stage.store.call('POST', `/api/v1/seller/webhooks/${id}/test`, { token: stage.owner.token });
  return { id, deliveryId: textAt(body, 'deliveryId') };
}
const hook: OwnThing = { make: webhook, role: 'merchant' };
const delivered: OwnThing = { make: delivery, role: 'merchant' };
const reminder = {
  publicName: 'a drop that everybody sees; the reminder is of whoever asks',
};

export const entries: WalkEntries = {
  'GET /api/v1/seller/webhook-events': 'self',
  'GET /api/v1/seller/webhooks': 'self',
  'POST /api/v1/seller/webhooks': 'self',
  'GET /api/v1/seller/webhooks/{id}': hook,
  'PATCH /api/v1/seller/webhooks/{id}': { ...hook, body: { description: 'ours' } },
  'DELETE /api/v1/seller/webhooks/{id}': hook,
  'POST /api/v1/seller/webhooks/{id}/secret': { ...hook, body: {} },
  'POST /api/v1/seller/webhooks/{id}/test': hook,
  'POST /api/v1/seller/webhooks/{id}/replay': { ...hook, body: {} },
  'GET /api/v1/seller/webhooks/{id}/deliveries': hook,
  'GET /api/v1/seller/webhooks/{id}/deliveries/{deliveryId}': delivered,
  'POST /api/v1/seller/webhooks/{id}/deliveries/{deliveryId}/replay': delivered,
  'GET /api/v1/me/push-subscriptions': 'self',
  'POST /api/v1/me/push-subscriptions': 'self',
  'DELETE /api/v1/me/push-subscriptions/{id}': {
    make: async (stage) => ({
      id: await create(stage, 'POST', '/api/v1/me/push-subscriptions', {
        endpoint: endpoint(newId()),
        keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
      }),
    }),
  },
  'GET /api/v1/drops/{id}/reminder': reminder,
  'POST /api/v1/drops/{id}/reminder': reminder,
  'DELETE /api/v1/drops/{id}/reminder': reminder,
};
