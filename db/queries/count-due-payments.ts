import type { ClientBase, Pool } from 'pg';

/** Payments that wait for the payments worker; by a partial index that has only those. */
export async function countDuePayments(database: Pool | ClientBase): Promise<number> {
  const { rows } = await database.query<{ due: number }>({
    name: 'count-due-payments',
    text: 'select count(*)::int as due from payments where due_at <= now()',
  });
  return rows[0]?.due ?? 0;
}
