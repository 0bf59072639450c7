/**
 * The first matches in an order other than the rank, where there are more matches than are looked at. Each product has a
 * lexeme that says about where it stands in each order (a week, a step of the price): they are asked for one after the
 * other, until there are enough.
 */
import type { Pool } from 'pg';
import type { SortName } from './find-candidates.ts';

export interface WalkQuestion {
  readonly match: string;
  readonly priceMinMinor: number | null;
  readonly priceMaxMinor: number | null;
  readonly sort: Exclude<SortName, 'relevance'>;
  readonly offset: number;
  readonly limit: number;
}

interface Order {
  readonly prefix: string;
  readonly direction: 'asc' | 'desc';
  readonly by: string;
  /** The number of the first and of the last step, from the rows that there are. */
  readonly step: string;
  readonly column: string;
}

const ORDERS: Readonly<Record<WalkQuestion['sort'], Order>> = {
  price_asc: { ...price(), direction: 'asc', by: 'price_minor' },
  price_desc: { ...price(), direction: 'desc', by: 'price_minor desc' },
  rating: {
    ...{ prefix: '=o:r', direction: 'desc', by: 'rating_hundredths desc, reviews desc' },
    ...{ column: 'rating_hundredths', step: 'rating_hundredths' },
  },
  newest: {
    ...{ prefix: '=o:n', direction: 'desc', by: 'created_at desc', column: 'created_at' },
    step: 'floor(extract(epoch from created_at) / 604800)::int',
  },
  popularity: {
    ...{ prefix: '=o:s', direction: 'desc', by: 'sold desc', column: 'sold' },
    step: 'floor(8 * log(2, sold + 1))::int',
  },
};

function price() {
  return { prefix: '=p:', column: 'price_minor', step: 'floor(4 * log(2, price_minor + 1))::int' } as const;
}

export async function walkSorted(database: Pool, question: WalkQuestion): Promise<readonly string[]> {
  const { prefix, direction, by, step, column } = ORDERS[question.sort];
  const end = (order: 'asc' | 'desc') => `(select ${step} from search_products order by ${column} ${order} limit 1)`;
  const tiers = [0, 1, 2, 3].map(
    (tier) => `(select product_id, ${columnsOf(by)} from search_products where tier = ${tier}
        and document @@ ($1::tsquery && quote_literal('${prefix}' || step)::tsquery)
        and ($2::bigint is null or price_minor + 0 >= $2) and ($3::bigint is null or price_minor + 0 <= $3)
        offset 0)`,
  );
  const [from, to, by1] = direction === 'asc' ? [end('asc'), end('desc'), 1] : [end('desc'), end('asc'), -1];
  const { rows } = await database.query<{ id: string }>({
    name: `search-walk-${question.sort}`,
    text: `select product_id as id from generate_series(${from}, ${to}, ${by1}) with ordinality as steps (step, place),
        lateral (select * from (${tiers.join(' union all ')}) as matches order by ${by}, product_id limit $4::int + $5::int) as of_step
      limit $5::int offset $4::int`,
    values: [question.match, question.priceMinMinor, question.priceMaxMinor, question.offset, question.limit],
  });
  return rows.map(({ id }) => id);
}

const columnsOf = (by: string) => by.replaceAll(' desc', '');
