import type { EraseStep } from './parts.ts';

/** What waits for a browser or a system goes with it. */
export const OUTGOING_STEPS: readonly EraseStep[] = [
  { name: 'pushSubscriptions', statements: ['delete from push_subscriptions where user_id = $1'] },
  {
    name: 'webhooks',
    statements: [
      'delete from webhook_endpoints where merchant_id = $1',
      'delete from merchant_events where merchant_id = $1',
    ],
  },
];
