/** Ways to pay that somebody saved: what the provider calls a card, never its number. */
import type { ClientBase } from 'pg';
import type { PaymentKind } from '../../contracts/orders/payments.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';

export interface StoredPaymentMethod {
  readonly id: string;
  readonly kind: PaymentKind;
  readonly token: string | null;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly isDefault: boolean;
}

const COLUMNS = 'id, kind, provider_token as token, brand, last4, is_default as "isDefault"';

export async function listPaymentMethods(database: Asking, userId: string): Promise<StoredPaymentMethod[]> {
  const text = `select ${COLUMNS} from payment_methods where user_id = $1::uuid order by is_default desc, id limit 100`;
  return (await database.query<StoredPaymentMethod>({ name: 'list-payment-methods', text, values: [userId] })).rows;
}

export async function insertPaymentMethod(
  client: ClientBase,
  userId: string,
  { id, kind, token, brand, last4, isDefault }: StoredPaymentMethod,
): Promise<void> {
  const text = `
    insert into payment_methods (id, user_id, kind, provider_token, brand, last4, is_default)
    values ($1, $2, $3, $4, $5, $6, $7)`;
  const values = [id, userId, kind, token, brand, last4, isDefault];
  await client.query({ name: 'insert-payment-method', text, values });
}

export async function deletePaymentMethod(client: ClientBase, userId: string, id: string): Promise<boolean> {
  const text = 'delete from payment_methods where user_id = $1::uuid and id = $2::uuid';
  return (await client.query({ name: 'delete-payment-method', text, values: [userId, id] })).rowCount === 1;
}
