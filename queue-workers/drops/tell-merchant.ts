/** What the merchant of a drop is mailed about it: that it is sold out, and how it ended. Webhooks are told by triggers. */
import { unitsOf } from '../../commerce/drops/plan.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { noteSoldOut } from '../../db/queries/drops/sold-out.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import { readSoldUnits } from '../../reservation-core/sale-end.ts';
import type { Shards } from '../../reservation-core/shards.ts';

export interface TellOptions {
  readonly nextId: IdSource;
  readonly clock: Clock;
}

/** A unit that was sold never comes back to the sale: once all of them are, they stay so. */
export async function tellIfSoldOut(
  options: TellOptions & { readonly database: Database; readonly shards: Shards; readonly keys: Keys },
  dropId: string,
): Promise<boolean> {
  const stored = await findDrop(options.database, dropId);
  const drop = stored === undefined ? undefined : publishedDefinition(stored);
  if (drop === undefined) return false;
  const given = drop.skus.reduce((sum, item) => sum + unitsOf(item), 0);
  if (given === 0 || (await readSoldUnits(options, drop)) < given) return false;
  await withTransaction(options.database, (client) => tellSoldOut(client, options, dropId));
  return true;
}

export async function tellSoldOut(client: DatabaseClient, options: TellOptions, dropId: string): Promise<void> {
  const drop = await noteSoldOut(client, dropId);
  if (drop === undefined) return;
  const { merchantId: userId, title } = drop;
  const head = { template: 'drop-sold-out', userId, eventId: options.nextId(), at: options.clock.now() } as const;
  const text = noticeEvent({ ...head, values: { dropId, title } });
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text }]);
}

export interface Ended {
  readonly dropId: string;
  readonly merchantId: string;
  readonly title: string;
  readonly sold: number;
  readonly unsold: number;
}

export async function tellEnded(client: DatabaseClient, options: TellOptions, ended: Ended): Promise<void> {
  const { merchantId: userId, ...values } = ended;
  if (ended.sold > 0 && ended.unsold === 0) await tellSoldOut(client, options, ended.dropId);
  const head = { template: 'drop-ended', userId, eventId: options.nextId(), at: options.clock.now() } as const;
  const text = noticeEvent({ ...head, values });
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text }]);
}
