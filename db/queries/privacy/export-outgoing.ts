import type { ExportPart } from './parts.ts';

export const OUTGOING_PARTS: readonly ExportPart[] = [
  {
    name: 'webhooks',
    text: `
      select url, description, events, is_enabled as "isEnabled", created_at as "createdAt"
      from webhook_endpoints where merchant_id = $1 order by id`,
  },
  {
    name: 'pushSubscriptions',
    text: `
      select endpoint, label, created_at as "createdAt", last_success_at as "lastSuccessAt"
      from push_subscriptions where user_id = $1 order by id`,
  },
  {
    name: 'pushes',
    text: `
      select d.template, d.body::json as body, d.state, d.until_at as "untilAt"
      from push_deliveries d join push_subscriptions s on s.id = d.subscription_id
      where s.user_id = $1 order by d.event_id`,
  },
];
