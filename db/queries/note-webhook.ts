import type { ClientBase, Pool } from 'pg';

export interface NotedWebhook {
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  /** The charge that it is about. */
  readonly ref: string | undefined;
  /** It says that money was taken. */
  readonly isPaid: boolean;
}

/*
 * A payment that found another end here is opened again when money is said to have been taken: the payments worker then
 * asks the provider, and refunds it. A payment whose reference is not known yet is under way, and asked about anyway.
 */
const NOTE = `
  with fresh as (
    insert into webhook_events (provider, event_id, type, provider_ref) values ($1, $2, $3, $4)
    on conflict (provider, event_id) do nothing
    returning provider, provider_ref
  ), meant as (
    select order_id, payment_id from provider_refs join fresh using (provider, provider_ref)
  ), payment as (
    update payments p set due_at = now(), updated_at = now(),
      status = case when status in ('FAILED', 'CANCELLED') then 'PENDING' else status end
    from meant
    where p.order_id = meant.order_id and p.id = meant.payment_id
      and (p.status = 'PENDING' or ($5::boolean and p.status in ('FAILED', 'CANCELLED')))
  ), refund as (
    update refunds r set due_at = now() from meant
    where r.order_id = meant.order_id and r.payment_id = meant.payment_id and r.status = 'PENDING'
  )
  select count(*)::int as fresh, (select count(*)::int from meant) as meant from fresh`;

export type WebhookReceipt = 'noted' | 'of no payment' | 'known already';

/** Keeps a webhook once, whatever the order and number of its deliveries, and makes its payment due. */
export async function noteWebhook(database: Pool | ClientBase, webhook: NotedWebhook): Promise<WebhookReceipt> {
  const { provider, eventId, type, ref, isPaid } = webhook;
  const { rows } = await database.query<{ fresh: number; meant: number }>({
    name: 'note-webhook',
    text: NOTE,
    values: [provider, eventId, type, ref ?? null, isPaid],
  });
  if (rows[0]?.fresh !== 1) return 'known already';
  return rows[0].meant === 0 ? 'of no payment' : 'noted';
}
