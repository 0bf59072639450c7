/** What came of an experiment: the sums over shoppers that its report is made from, and its days. */
import type { ClientBase, Pool } from 'pg';

/** Over shoppers: what each saw (x) and clicked (y), and how many clicked or bought at all. */
export interface ArmSumsRow {
  readonly arm: string;
  readonly shoppers: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
  readonly clickers: number;
  readonly buyers: number;
}

export interface ArmRevenue {
  readonly arm: string;
  readonly currency: string;
  readonly revenueMinor: number;
}

export interface OutcomeDay {
  readonly arm: string;
  /** As 2026-11-21. */
  readonly day: string;
  readonly shown: number;
  readonly clicked: number;
  readonly ordered: number;
}

/** Of shoppers who were shown something. */
export async function findArmSums(database: Pool | ClientBase, experiment: string): Promise<ArmSumsRow[]> {
  const { rows } = await database.query<ArmSumsRow>({
    name: 'find-arm-sums',
    text: `
      select arm, count(*)::float8 as shoppers, sum(shown)::float8 as x, sum(clicked)::float8 as y,
        sum(shown::float8 * shown) as xx, sum(shown::float8 * clicked) as xy, sum(clicked::float8 * clicked) as yy,
        (count(*) filter (where clicked > 0))::float8 as clickers, (count(*) filter (where ordered > 0))::float8 as buyers
      from recommendation_exposures where experiment = $1 and shown > 0 group by arm`,
    values: [experiment],
  });
  return rows;
}

export async function findArmRevenue(database: Pool | ClientBase, experiment: string): Promise<ArmRevenue[]> {
  const { rows } = await database.query<ArmRevenue>({
    name: 'find-arm-revenue',
    text: `
      select arm, currency, sum(revenue_minor)::float8 as "revenueMinor"
      from recommendation_revenue where experiment = $1 group by arm, currency order by arm, currency`,
    values: [experiment],
  });
  return rows;
}

export async function findOutcomeDays(
  database: Pool | ClientBase,
  experiment: string,
  most: number,
): Promise<OutcomeDay[]> {
  const { rows } = await database.query<OutcomeDay>({
    name: 'find-outcome-days',
    text: `
      select arm, to_char(day, 'YYYY-MM-DD') as day, shown::float8 as shown, clicked::float8 as clicked,
        ordered::float8 as ordered
      from recommendation_outcomes where experiment = $1 order by day desc, arm limit $2`,
    values: [experiment, most],
  });
  return rows;
}
