import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export const MERCHANT_STATUSES = ['applied', 'active', 'declined', 'suspended'] as const;
export type MerchantStatus = (typeof MERCHANT_STATUSES)[number];

export interface MerchantProfile {
  readonly name: string;
  readonly legalName: string;
  readonly country: string;
  readonly taxNumber: string;
  readonly contactEmail: string;
  readonly line1: string;
  readonly postalCode: string;
  readonly city: string;
}

export interface StoredMerchant extends MerchantProfile {
  readonly id: string;
  readonly status: MerchantStatus;
  /** Why they were declined or suspended. */
  readonly note: string;
  readonly appliedAt: number;
  readonly decidedAt: number | null;
}

const COLUMNS = `
  user_id as id, name, legal_name as "legalName", country, tax_number as "taxNumber",
  contact_email as "contactEmail", line1, postal_code as "postalCode", city, status, note,
  ${epochMs('applied_at')} as "appliedAt", ${epochMs('decided_at')} as "decidedAt"`;

export async function findMerchant(database: Pool | ClientBase, id: string): Promise<StoredMerchant | undefined> {
  const text = `select ${COLUMNS} from merchants where user_id = $1::uuid`;
  return (await database.query<StoredMerchant>({ name: 'find-merchant', text, values: [id] })).rows[0];
}

/** Kept from others until the transaction is over. */
export async function lockMerchant(client: ClientBase, id: string): Promise<StoredMerchant | undefined> {
  const text = `select ${COLUMNS} from merchants where user_id = $1::uuid for update`;
  return (await client.query<StoredMerchant>({ name: 'lock-merchant', text, values: [id] })).rows[0];
}

const valuesOf = (profile: MerchantProfile): unknown[] => [
  ...[profile.name, profile.legalName, profile.country, profile.taxNumber],
  ...[profile.contactEmail, profile.line1, profile.postalCode, profile.city],
];

/** Undefined for somebody who has applied already; who was declined may try again. */
export async function writeApplication(
  client: ClientBase,
  id: string,
  profile: MerchantProfile,
): Promise<StoredMerchant | undefined> {
  const text = `
    insert into merchants as m (name, legal_name, country, tax_number, contact_email, line1, postal_code, city, user_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::uuid)
    on conflict (user_id) do update set
      name = $1, legal_name = $2, country = $3, tax_number = $4, contact_email = $5, line1 = $6, postal_code = $7, city = $8,
      status = 'applied', applied_at = now(), decided_at = null, decided_by = null, note = '', updated_at = now()
    where m.status = 'declined'
    returning ${COLUMNS}`;
  const values = [...valuesOf(profile), id];
  return (await client.query<StoredMerchant>({ name: 'write-application', text, values })).rows[0];
}

export async function updateProfile(client: ClientBase, id: string, profile: MerchantProfile): Promise<void> {
  const text = `
    update merchants set name = $1, legal_name = $2, country = $3, tax_number = $4, contact_email = $5, line1 = $6,
      postal_code = $7, city = $8, updated_at = now()
    where user_id = $9::uuid`;
  await client.query({ name: 'update-merchant-profile', text, values: [...valuesOf(profile), id] });
}

export interface MerchantDecision {
  readonly id: string;
  readonly status: Exclude<MerchantStatus, 'applied'>;
  readonly note: string;
  readonly decidedBy: string;
}

export async function decideMerchant(client: ClientBase, decision: MerchantDecision): Promise<StoredMerchant> {
  const text = `
    update merchants set status = $2, note = $3, decided_by = $4, decided_at = now(), updated_at = now()
    where user_id = $1::uuid returning ${COLUMNS}`;
  const { id, status, note, decidedBy } = decision;
  const { rows } = await client.query<StoredMerchant>({
    name: 'decide-merchant',
    text,
    values: [id, status, note, decidedBy],
  });
  if (rows[0] === undefined) throw new Error('A merchant who was locked is not there.');
  return rows[0];
}

/** The newest first. */
export async function listMerchants(
  database: Pool | ClientBase,
  asked: { readonly status: MerchantStatus | null; readonly before: string | null; readonly limit: number },
): Promise<StoredMerchant[]> {
  const text = `
    select ${COLUMNS} from merchants
    where ($1::merchant_status is null or status = $1) and ($2::uuid is null or user_id < $2)
    order by user_id desc limit $3`;
  const { status, before, limit } = asked;
  return (await database.query<StoredMerchant>({ name: 'list-merchants', text, values: [status, before, limit] })).rows;
}

/** Of somebody who got the role without an application. A row that is there begins anew. */
export async function ensureMerchant(client: ClientBase, userId: string, decidedBy: string): Promise<void> {
  await client.query({
    name: 'ensure-merchant',
    text: `
      insert into merchants (user_id, name, legal_name, country, contact_email, status, decided_at, decided_by)
      select id, coalesce(nullif(name, ''), email::text), coalesce(nullif(name, ''), email::text), 'US', email,
        'active', now(), $2
      from users where id = $1::uuid and email is not null
      on conflict (user_id) do update set status = 'active', note = '', decided_at = now(), decided_by = $2, updated_at = now()`,
    values: [userId, decidedBy],
  });
}
