import type { ClientBase, Pool } from 'pg';
import type { AddressFields } from '../addresses.ts';

const COLUMNS = 'recipient, line1, line2, city, area, postal_code as "postalCode", country, phone';

export async function findOrderAddress(
  database: Pool | ClientBase,
  orderId: string,
): Promise<AddressFields | undefined> {
  const text = `select ${COLUMNS} from order_addresses where order_id = $1`;
  return (await database.query<AddressFields>({ name: 'find-order-address', text, values: [orderId] })).rows[0];
}

/** The default address of the shopper becomes that of the order, a copy; undefined of who has none. */
export async function copyDefaultAddress(
  client: ClientBase,
  orderId: string,
  shopperId: string,
): Promise<AddressFields | undefined> {
  const text = `
    insert into order_addresses (order_id, recipient, line1, line2, city, area, postal_code, country, phone)
    select $1, recipient, line1, line2, city, area, postal_code, country, phone
    from addresses where user_id = $2 and is_default
    on conflict do nothing
    returning ${COLUMNS}`;
  return (await client.query<AddressFields>({ name: 'copy-default-address', text, values: [orderId, shopperId] }))
    .rows[0];
}

export async function putOrderAddress(client: ClientBase, orderId: string, address: AddressFields): Promise<void> {
  const { recipient, line1, line2, city, area, postalCode, country, phone } = address;
  await client.query({
    name: 'put-order-address',
    text: `
      insert into order_addresses (order_id, recipient, line1, line2, city, area, postal_code, country, phone)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (order_id) do update set recipient = $2, line1 = $3, line2 = $4, city = $5, area = $6,
        postal_code = $7, country = $8, phone = $9, updated_at = now()`,
    values: [orderId, recipient, line1, line2, city, area, postalCode, country, phone],
  });
}
