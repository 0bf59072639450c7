/** Deliveries as a merchant sees them, and what a merchant does with them. */
import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

export interface StoredDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly tries: number;
  /** When the next try is due; null of one that has ended. */
  readonly nextTryAt: number | null;
  readonly lastTryAt: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

export interface WholeDelivery extends StoredDelivery {
  readonly body: string;
  readonly lastAnswer: string | null;
}

const COLUMNS = `d.id, d.event_id as "eventId", m.type, d.state, d.tries,
  case d.state when 'waiting' then ${epochMs('d.due_at')} end as "nextTryAt", ${epochMs('d.last_try_at')} as "lastTryAt",
  d.last_status as "lastStatus", d.last_error as "lastError", ${epochMs('m.at')} as "createdAt",
  ${epochMs('d.ended_at')} as "endedAt"`;

/** The newest first. */
export async function listDeliveries(
  database: Pool | ClientBase,
  asked: {
    readonly endpointId: string;
    readonly state: DeliveryState | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<StoredDelivery[]> {
  const { rows } = await database.query<StoredDelivery>({
    name: 'list-deliveries',
    text: `
      select ${COLUMNS} from webhook_deliveries d join merchant_events m on m.id = d.event_id
      where d.endpoint_id = $1 and ($2::webhook_delivery_state is null or d.state = $2) and ($3::uuid is null or d.id < $3)
      order by d.id desc limit $4`,
    values: [asked.endpointId, asked.state, asked.before, asked.limit],
  });
  return rows;
}

export async function findDelivery(
  database: Pool | ClientBase,
  { id, endpointId }: { readonly id: string; readonly endpointId: string },
): Promise<WholeDelivery | undefined> {
  const text = `
    select ${COLUMNS}, m.body, d.last_answer as "lastAnswer"
    from webhook_deliveries d join merchant_events m on m.id = d.event_id where d.id = $1 and d.endpoint_id = $2`;
  return (await database.query<WholeDelivery>({ name: 'find-delivery', text, values: [id, endpointId] })).rows[0];
}

const REPLAYED = `state = 'waiting', tries = 0, due_at = now(), ended_at = null, lease_until = null`;

/** Whatever became of it, it is tried anew, at once. Not while somebody sends it: that try is one of the old ones. */
export async function replayDelivery(
  client: ClientBase,
  { id, endpointId }: { readonly id: string; readonly endpointId: string },
): Promise<boolean> {
  const text = `
    update webhook_deliveries set ${REPLAYED}
    where id = $1 and endpoint_id = $2 and (lease_until is null or lease_until <= now())`;
  return (await client.query({ name: 'replay-delivery', text, values: [id, endpointId] })).rowCount === 1;
}

/** Dead letters of events since then, the oldest first; says how many. */
export async function replayDead(
  client: ClientBase,
  asked: { readonly endpointId: string; readonly sinceMs: number; readonly limit: number },
): Promise<number> {
  const text = `
    update webhook_deliveries set ${REPLAYED}
    where id = any (array(
      select d.id from webhook_deliveries d join merchant_events m on m.id = d.event_id
      where d.endpoint_id = $1 and d.state = 'dead' and m.at >= to_timestamp($2::float8 / 1000) order by d.id limit $3
    ))`;
  const values = [asked.endpointId, asked.sinceMs, asked.limit];
  return (await client.query({ name: 'replay-dead', text, values })).rowCount ?? 0;
}

/** An event for one endpoint alone, which wants to know whether it can be reached. Answers with the id of its delivery. */
export async function insertPing(
  client: ClientBase,
  asked: { readonly endpointId: string; readonly merchantId: string; readonly eventId: string; readonly body: string },
): Promise<string> {
  const text = `
    with event as (
      insert into merchant_events (id, merchant_id, source_id, type, at, body) values ($3, $2, $3, 'ping', now(), $4)
      returning id
    )
    insert into webhook_deliveries (endpoint_id, event_id) select $1, id from event returning id`;
  const values = [asked.endpointId, asked.merchantId, asked.eventId, asked.body];
  const { rows } = await client.query<{ id: string }>({ name: 'insert-ping', text, values });
  const [delivery] = rows;
  if (delivery === undefined) throw new Error('A ping was not written.');
  return delivery.id;
}
