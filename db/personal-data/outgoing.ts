import type { TablesData } from './kinds.ts';

/** What is told to systems of merchants and to browsers. */
export const OUTGOING: TablesData = {
  webhook_endpoints: {
    none: `id events is_enabled disabled_why secret_version previous_secret_until failures failing_since rest_until
      last_success_at created_at updated_at`,
    person: 'merchant_id',
    personal: 'url description',
    ...{ exported: 'webhooks', erased: 'webhooks' },
  },
  merchant_events: {
    none: 'id source_id type at body',
    person: 'merchant_id',
    notExported: 'What happened to a shop, by the ids of orders and goods, which are exported themselves.',
    erased: 'webhooks',
  },
  webhook_deliveries: {
    none: `id endpoint_id event_id state tries due_at lease_until ended_at last_try_at last_status last_error last_answer`,
  },
  push_subscriptions: {
    none: 'id created_at last_success_at',
    person: 'user_id',
    personal: 'endpoint label',
    secret: 'p256dh auth',
    ...{ exported: 'pushSubscriptions', erased: 'pushSubscriptions' },
  },
  push_deliveries: {
    none: 'event_id subscription_id state tries due_at until_at lease_until last_error',
    personal: 'template body',
    ...{ exported: 'pushes', erased: 'pushSubscriptions' },
  },
};
