/** One try of one delivery: signed, sent, and what its outcome comes to. */
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import {
  disableFailing,
  type FailingEndpoint,
  noteDelivered,
  noteFailed,
} from '../../db/queries/webhooks/end-deliveries.ts';
import type { DueDelivery } from '../../db/queries/webhooks/take-deliveries.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { OutgoingKeys } from '../../platform/outgoing/outgoing.ts';
import type { Posted, Poster } from '../../platform/outgoing/poster.ts';
import { signatureHeaders } from '../../platform/outgoing/standard-webhook.ts';

export interface DeliverOptions {
  readonly database: Database;
  readonly keys: OutgoingKeys;
  readonly poster: Pick<Poster, 'post'>;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly retriesMs?: readonly number[];
  readonly failingMs?: number;
}

export type DeliveryResult = 'delivered' | 'failed' | 'dead' | 'switched-off';

export async function deliver(options: DeliverOptions, due: DueDelivery): Promise<DeliveryResult> {
  const posted = await options.poster.post({ url: due.url, headers: headersOf(options, due), body: due.body });
  const { id, endpointId, tries } = due;
  const tried = {
    ...{ id, endpointId, tries },
    status: posted.ok ? posted.status : null,
    error: posted.ok ? null : `${posted.failure}: ${posted.reason}`,
    answer: posted.ok ? posted.answer : null,
  };
  if (posted.ok && posted.status >= 200 && posted.status < 300) {
    await noteDelivered(options.database, tried);
    return 'delivered';
  }
  const againInMs = againIn(options.retriesMs ?? LIMITS.webhookRetriesMs, tries, posted);
  const { webhookRestMinMs: restMinMs, webhookRestMaxMs: restMaxMs } = LIMITS;
  return await withTransaction(options.database, async (client) => {
    const endpoint = await noteFailed(client, { ...tried, againInMs, restMinMs, restMaxMs });
    if (endpoint !== undefined && isHopeless(endpoint, options.failingMs ?? LIFETIMES.webhookFailingMs)) {
      await disableFailing(client, endpointId);
      await insertOutbox(client, [switchedOff(options, endpoint)]);
      return 'switched-off';
    }
    return againInMs === null ? 'dead' : 'failed';
  });
}

function headersOf({ keys, clock }: DeliverOptions, due: DueDelivery): Readonly<Record<string, string>> {
  const { endpointId, secretVersion: version } = due;
  const versions = due.isPreviousGood && version > 1 ? [version, version - 1] : [version];
  const signed = { id: due.eventId, atSeconds: Math.floor(clock.now() / 1_000), body: due.body };
  const secrets = versions.map((one) => keys.webhookKey({ endpointId, version: one }));
  return {
    ...{ 'content-type': 'application/json', 'user-agent': 'Dropgate-Webhooks/1' },
    ...signatureHeaders(signed, secrets),
  };
}

/** A fifth earlier or later, so that what failed together does not come back together. Null after the last one. */
function againIn(retriesMs: readonly number[], tries: number, posted: Posted): number | null {
  const waitMs = retriesMs[tries - 1];
  if (waitMs === undefined) return null;
  const asked = posted.ok ? Math.min(posted.retryAfterMs ?? 0, LIMITS.webhookRestMaxMs) : 0;
  return Math.max(asked, waitMs * (0.8 + Math.random() * 0.4));
}

function isHopeless({ failures, failingForMs }: FailingEndpoint, failingMs: number): boolean {
  return failures >= LIMITS.webhookFailures && failingForMs >= failingMs;
}

function switchedOff({ nextId, clock }: DeliverOptions, { merchantId, url, failingForMs }: FailingEndpoint) {
  const at = clock.now();
  const values = { host: new URL(url).host.slice(0, 200), failingSince: Math.round(at - failingForMs) };
  const head = { template: 'webhook-disabled', userId: merchantId, eventId: nextId(), at } as const;
  return { topic: 'notification.email', key: merchantId, text: noticeEvent({ ...head, values }) };
}
