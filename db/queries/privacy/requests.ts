/** What people asked about their data, and how far it is. */
import type { ClientBase, Pool } from 'pg';

export type PrivacyKind = 'export' | 'erasure';
export type PrivacyState = 'waiting' | 'working' | 'done' | 'refused' | 'withdrawn' | 'failed';

export interface PrivacyRequest {
  readonly id: string;
  readonly userId: string;
  readonly kind: PrivacyKind;
  readonly state: PrivacyState;
  readonly askedBy: string | null;
  readonly askedAt: Date;
  readonly dueAt: Date | null;
  readonly tries: number;
  readonly refusal: string | null;
  readonly receipt: Receipt;
  readonly doneAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Counts and times only. */
export interface Receipt {
  /** When everything was gone for the first time; it is looked once more later. */
  readonly erasedAt?: string;
  readonly rows?: Readonly<Record<string, number>>;
  readonly bytes?: number;
}

const COLUMNS = `id, user_id as "userId", kind, state, asked_by as "askedBy", asked_at as "askedAt", due_at as "dueAt", tries,
  refusal, receipt, done_at as "doneAt", expires_at as "expiresAt"`;

export interface NewPrivacyRequest {
  readonly id: string;
  readonly userId: string;
  readonly kind: PrivacyKind;
  readonly askedBy: string | null;
  readonly askedAt: Date;
  readonly dueAt: Date;
}

/** The one that is open already, where there is one; sooner, if it is asked for sooner and has not begun. */
export async function insertPrivacyRequest(client: ClientBase, asked: NewPrivacyRequest): Promise<PrivacyRequest> {
  const text = `
    insert into privacy_requests (id, user_id, kind, asked_by, asked_at, due_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (user_id, kind) where state in ('waiting', 'working')
    do update set due_at = case privacy_requests.state
      when 'waiting' then least(privacy_requests.due_at, excluded.due_at) else privacy_requests.due_at end
    returning ${COLUMNS}`;
  const values = [asked.id, asked.userId, asked.kind, asked.askedBy, asked.askedAt, asked.dueAt];
  const { rows } = await client.query<PrivacyRequest>({ name: 'insert-privacy-request', text, values });
  const [row] = rows;
  if (row === undefined) throw new Error('A privacy request was neither written nor there.');
  return row;
}

/** The newest first. */
export async function listPrivacyRequests(database: Pool | ClientBase, userId: string): Promise<PrivacyRequest[]> {
  const text = `select ${COLUMNS} from privacy_requests where user_id = $1::uuid order by id desc limit 100`;
  return (await database.query<PrivacyRequest>({ name: 'list-privacy-requests', text, values: [userId] })).rows;
}

export async function findPrivacyRequest(
  database: Pool | ClientBase,
  userId: string,
  id: string,
): Promise<PrivacyRequest | undefined> {
  const text = `select ${COLUMNS} from privacy_requests where user_id = $1::uuid and id = $2::uuid`;
  return (await database.query<PrivacyRequest>({ name: 'find-privacy-request', text, values: [userId, id] })).rows[0];
}

/** An erasure that has not begun is called off; undefined where there is none. */
export async function withdrawErasure(
  client: ClientBase,
  userId: string,
  now: Date,
): Promise<PrivacyRequest | undefined> {
  const text = `
    update privacy_requests set state = 'withdrawn', due_at = null, done_at = $2
    where user_id = $1::uuid and kind = 'erasure' and state = 'waiting'
    returning ${COLUMNS}`;
  return (await client.query<PrivacyRequest>({ name: 'withdraw-erasure', text, values: [userId, now] })).rows[0];
}

/** What is due, leased to the caller until `leaseUntil`. `tries` is the number of this try: what comes later has a higher one. */
export async function takePrivacyRequests(
  database: Pool,
  { now, leaseUntil, limit }: { readonly now: Date; readonly leaseUntil: Date; readonly limit: number },
): Promise<PrivacyRequest[]> {
  const text = `
    update privacy_requests set state = 'working', due_at = $2, tries = tries + 1
    where id in (
      select id from privacy_requests where state in ('waiting', 'working') and due_at <= $1
      order by due_at limit $3 for update skip locked
    )
    returning ${COLUMNS}`;
  const values = [now, leaseUntil, limit];
  return (await database.query<PrivacyRequest>({ name: 'take-privacy-requests', text, values })).rows;
}

export interface PrivacyStep {
  readonly state: PrivacyState;
  readonly dueAt?: Date;
  readonly doneAt?: Date;
  readonly refusal?: string;
  readonly receipt?: Receipt;
  readonly expiresAt?: Date;
}

/** False for who is not the one who works on it any more: their lease ran out, and somebody else took it. */
export async function stepPrivacyRequest(
  client: Pool | ClientBase,
  { id, tries }: Pick<PrivacyRequest, 'id' | 'tries'>,
  step: PrivacyStep,
): Promise<boolean> {
  const text = `
    update privacy_requests set state = $3, due_at = $4, done_at = $5, refusal = $6, receipt = coalesce($7, receipt),
      expires_at = $8
    where id = $1::uuid and tries = $2 and state = 'working'`;
  const { state, dueAt, doneAt, refusal, receipt, expiresAt } = step;
  const kept = receipt === undefined ? null : JSON.stringify(receipt);
  const values = [id, tries, state, dueAt ?? null, doneAt ?? null, refusal ?? null, kept, expiresAt ?? null];
  return (await client.query({ name: 'step-privacy-request', text, values })).rowCount === 1;
}
