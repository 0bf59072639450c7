import type { ClientBase, Pool } from 'pg';
import type { WebhookEvent } from '../../../contracts/webhooks.ts';

/** For what no trigger sees: in the transaction of what happened. The same source is told of once. */
export async function tellMerchant(
  database: Pool | ClientBase,
  told: {
    readonly merchantId: string;
    readonly kind: WebhookEvent;
    readonly sourceId: string;
    readonly atMs: number;
    /** Ids and amounts; no names, no addresses. */
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await database.query({
    name: 'tell-merchant',
    text: 'select tell_merchant($1, $2, $3, to_timestamp($4::float8 / 1000), $5)',
    values: [told.merchantId, told.kind, told.sourceId, told.atMs, JSON.stringify(told.data)],
  });
}
