import type { Asking } from '../../../platform/connections/postgres-together.ts';
import type { AddressFields } from '../addresses.ts';

export async function findDefaultAddress(database: Asking, userId: string): Promise<AddressFields | undefined> {
  const { rows } = await database.query<AddressFields>({
    name: 'find-default-address',
    text: `
      select recipient, line1, line2, city, area, postal_code as "postalCode", country, phone
      from addresses where user_id = $1::uuid and is_default`,
    values: [userId],
  });
  return rows[0];
}
