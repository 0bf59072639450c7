import { describe, expect, it } from 'vitest';
import { canStep } from '../../commerce/orders/states.ts';
import { ORDER_STATES } from '../../contracts/orders/states.ts';
import { useDatabase } from '../servers/database.ts';

describe('the states of an order', () => {
  const database = useDatabase();

  it('are the same in the contract and in the database', async () => {
    const { rows } = await database.pool.query<{ state: string }>(
      'select unnest(enum_range(null::order_status))::text as state',
    );
    expect(rows.map((row) => row.state).sort()).toEqual([...ORDER_STATES].sort());
  });

  it('have the same steps in the code and in the database, pair by pair', async () => {
    const pairs = ORDER_STATES.flatMap((from) => ORDER_STATES.map((to) => ({ from, to })));
    const { rows } = await database.pool.query<{ may: boolean }>(
      `select order_may_step("from", "to") as may
       from unnest($1::order_status[], $2::order_status[]) with ordinality as pair ("from", "to", number)
       order by number`,
      [pairs.map((pair) => pair.from), pairs.map((pair) => pair.to)],
    );
    const says = (may: (index: number) => boolean | undefined) =>
      pairs.map((pair, index) => `${pair.from} → ${pair.to}: ${may(index)}`);
    expect(says((index) => rows[index]?.may)).toEqual(
      pairs.map((pair) => `${pair.from} → ${pair.to}: ${canStep(pair.from, pair.to)}`),
    );
  });
});
