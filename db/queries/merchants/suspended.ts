import type { ClientBase } from 'pg';

/** Which of these merchants sell nothing, because they were suspended. */
export async function suspendedOf(client: ClientBase, merchantIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'suspended-merchants',
    text: `select user_id as id from merchants where user_id = any ($1::uuid[]) and status = 'suspended'`,
    values: [[...new Set(merchantIds)]],
  });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Nobody changes the drops of this merchant until the transaction is over. Whoever schedules or resumes one locks it before
 * they ask for the merchant's role, so who suspends a merchant does so too, and then pauses what is scheduled.
 */
export async function lockDropsOf(client: ClientBase, merchantId: string): Promise<void> {
  const text = `
    select from drops where merchant_id = $1 and state in ('draft', 'scheduled', 'paused')
    order by id for no key update`;
  await client.query({ name: 'lock-drops-of-merchant', text, values: [merchantId] });
}

/** Answers with those that were paused: nobody is called and nothing is claimed, what was claimed can be paid. */
export async function pauseDropsOf(client: ClientBase, merchantId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    name: 'pause-drops-of-merchant',
    text: `
      update drops set state = 'paused', revision = revision + 1, updated_at = now()
      where merchant_id = $1 and state = 'scheduled' returning id`,
    values: [merchantId],
  });
  return rows.map(({ id }) => id);
}
