/** When orders of a drop were written and paid, as the database has it. */
import type { StormDrop } from './drop.ts';
import type { SaleStage } from './stage.ts';

export interface OrdersBySecond {
  /** Seconds since the lobby opened, and how many in that second. */
  readonly written: readonly (readonly [number, number])[];
  readonly paid: readonly (readonly [number, number])[];
}

type Row = { second: number; count: number };

const WRITTEN = `
  select floor(extract(epoch from created_at) - $2)::int as second, count(*)::int as count
  from orders where drop_id = $1 group by 1 order by 1`;

const PAID = `
  select floor(extract(epoch from p.captured_at) - $2)::int as second, count(*)::int as count
  from orders o join payments p on p.order_id = o.id
  where o.drop_id = $1 and p.captured_at is not null group by 1 order by 1`;

const MS_PER_SECOND = 1_000;

export async function ordersBySecond(
  { database }: SaleStage,
  { id, lobbyOpensAtMs }: StormDrop,
): Promise<OrdersBySecond> {
  const from = lobbyOpensAtMs / MS_PER_SECOND;
  const written = await database.query<Row>(WRITTEN, [id, from]);
  const paid = await database.query<Row>(PAID, [id, from]);
  const points = (rows: readonly Row[]) => rows.map(({ second, count }) => [second, count] as const);
  return { written: points(written.rows), paid: points(paid.rows) };
}
