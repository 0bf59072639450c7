import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../product-rows.ts';

export interface StoredRate {
  readonly currency: string;
  /** What one unit of the reference currency is in this one: a decimal number as text, exact. */
  readonly perReference: string;
  readonly validFrom: number;
}

/** The rates that are valid at a time. */
export async function findRates(database: Pool | ClientBase, atMs: number): Promise<StoredRate[]> {
  const { rows } = await database.query<StoredRate>({
    name: 'find-rates',
    text: `
      select distinct on (currency) currency, per_reference::text as "perReference", ${epochMs('valid_from')} as "validFrom"
      from exchange_rates where valid_from <= to_timestamp($1::float8 / 1000)
      order by currency, valid_from desc`,
    values: [atMs],
  });
  return rows;
}

export interface NewRate extends StoredRate {
  readonly setBy: string;
}

/** A rate with the same beginning takes the place of the one before. */
export async function setRate(client: ClientBase, rate: NewRate): Promise<void> {
  await client.query({
    name: 'set-rate',
    text: `
      insert into exchange_rates (currency, valid_from, per_reference, set_by)
      values ($1, to_timestamp($2::float8 / 1000), $3, $4)
      on conflict (currency, valid_from) do update
        set per_reference = excluded.per_reference, set_by = excluded.set_by, set_at = now()`,
    values: [rate.currency, rate.validFrom, rate.perReference, rate.setBy],
  });
}
