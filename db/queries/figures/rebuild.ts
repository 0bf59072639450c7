/** What counting anew from the orders reads. */
import type { ClientBase, Pool } from 'pg';

/** Orders whose money moved in a time, by their ids, after one of them. A transfer has the time of its payment or refund. */
export async function ordersWithMoney(
  client: ClientBase,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({
    name: 'figures-orders-with-money',
    // A minute more on both sides: clocks of a millisecond round.
    text: `select distinct order_id as id from ledger_transfers
      where at >= to_timestamp($1::float8 / 1000) - interval '1 minute' and at < to_timestamp($2::float8 / 1000) + interval '1 minute'
        and order_id > $3 and kind in ('payment', 'refund')
      order by 1 limit $4`,
    values: [fromMs, untilMs, after, limit],
  });
  return rows.map(({ id }) => id);
}

export async function makeMonths(database: Pool, fromMs: number, untilMs: number): Promise<void> {
  await database.query(
    `select make_figure_months(month::date, 1)
     from generate_series(date_trunc('month', to_timestamp($1::float8 / 1000)), to_timestamp($2::float8 / 1000), '1 month') as month`,
    [fromMs, untilMs],
  );
}
