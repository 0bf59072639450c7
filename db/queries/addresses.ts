/** Addresses of one person. Whoever changes them holds the row of the person, so that there is one default, never two. */
import type { ClientBase, Pool } from 'pg';
import type { Asking } from '../../platform/connections/postgres-together.ts';

export interface AddressFields {
  readonly recipient: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly area: string;
  readonly postalCode: string;
  readonly country: string;
  readonly phone: string;
}

export interface StoredAddress extends AddressFields {
  readonly id: string;
  readonly isDefault: boolean;
}

const COLUMNS = `id, recipient, line1, line2, city, area, postal_code as "postalCode", country, phone,
  is_default as "isDefault"`;

export async function listAddresses(database: Pool | ClientBase, userId: string): Promise<StoredAddress[]> {
  const text = `select ${COLUMNS} from addresses where user_id = $1::uuid order by is_default desc, id limit 100`;
  return (await database.query<StoredAddress>({ name: 'list-addresses', text, values: [userId] })).rows;
}

export async function findAddress(database: Asking, userId: string, id: string): Promise<StoredAddress | undefined> {
  const text = `select ${COLUMNS} from addresses where user_id = $1::uuid and id = $2::uuid`;
  return (await database.query<StoredAddress>({ name: 'find-address', text, values: [userId, id] })).rows[0];
}

/** Inserts, or overwrites the one of this person with this id; undefined where the id is somebody else's. */
export async function putAddress(
  client: ClientBase,
  userId: string,
  address: StoredAddress,
): Promise<StoredAddress | undefined> {
  const text = `
    insert into addresses (id, user_id, recipient, line1, line2, city, area, postal_code, country, phone, is_default)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (id) do update set recipient = $3, line1 = $4, line2 = $5, city = $6, area = $7, postal_code = $8,
      country = $9, phone = $10, is_default = $11, updated_at = now()
    where addresses.user_id = $2::uuid
    returning ${COLUMNS}`;
  const { id, recipient, line1, line2, city, area, postalCode, country, phone, isDefault } = address;
  const values = [id, userId, recipient, line1, line2, city, area, postalCode, country, phone, isDefault];
  return (await client.query<StoredAddress>({ name: 'put-address', text, values })).rows[0];
}

export async function deleteAddress(client: ClientBase, userId: string, id: string): Promise<boolean> {
  const text = 'delete from addresses where user_id = $1::uuid and id = $2::uuid';
  return (await client.query({ name: 'delete-address', text, values: [userId, id] })).rowCount === 1;
}
