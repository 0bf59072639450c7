/**
 * Follows what changes on the shelves: opens and closes the alerts of merchants, asks for their mails, and lets the caches
 * of the store know what is sold out or back. All of a batch is one transaction, and a batch that comes again finds its
 * work done.
 */
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { followStock, takeUntoldAlerts, type UntoldAlert } from '../../db/queries/stock/alerts.ts';
import { tellAvailability } from '../../db/queries/stock/tell-availability.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';

export interface StockAlertsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
}

export interface Followed {
  /** SKUs that are sold out now and were not, or the other way round. */
  readonly turned: number;
  readonly mails: number;
}

export async function followChanges(
  { database, clock, nextId }: StockAlertsOptions,
  skus: readonly string[],
): Promise<Followed> {
  return await withTransaction(database, async (client) => {
    const turned = await followStock(client, skus);
    await tellAvailability(client, turned, { nextId, atMs: clock.now() });
    const untold = await takeUntoldAlerts(client, { limit: LIMITS.alertsBatch, quietMs: LIFETIMES.alertQuietMs });
    const mails = mailsOf(untold).map(({ userId, values }) => ({
      topic: 'notification.email',
      key: userId,
      text: noticeEvent({ template: 'stock-alert', userId, eventId: nextId(), at: clock.now(), values }),
    }));
    await insertOutbox(client, mails);
    return { turned: turned.length, mails: mails.length };
  });
}

/** One for each merchant: of what has the least left, and how many articles more there are. */
export function mailsOf(alerts: readonly UntoldAlert[]) {
  const ofMerchant = new Map<string, Map<string, UntoldAlert>>();
  for (const alert of alerts) {
    if (alert.isQuiet) continue;
    const articles = ofMerchant.get(alert.merchantId) ?? new Map<string, UntoldAlert>();
    ofMerchant.set(alert.merchantId, articles);
    // Low and sold out at once is sold out.
    const known = articles.get(alert.sku);
    if (known === undefined || alert.available < known.available) articles.set(alert.sku, alert);
  }
  return [...ofMerchant].flatMap(([userId, articles]) => {
    const [first, ...others] = [...articles.values()].toSorted((a, b) => a.available - b.available);
    if (first === undefined) return [];
    const title = [...first.title].slice(0, LIMITS.titleChars / 2).join('');
    const values = { sku: first.sku, title, available: first.available, more: others.length };
    return [{ userId, values }];
  });
}
