import type { ClientBase, Pool } from 'pg';

export interface ReorderSettings {
  /** Null for all articles that have none of their own. */
  readonly sku: string | null;
  readonly leadDays: number;
  readonly reviewDays: number;
  readonly serviceLevel: number;
  readonly packUnits: number;
}

export async function setReorderSettings(
  client: Pool | ClientBase,
  merchantId: string,
  { sku, leadDays, reviewDays, serviceLevel, packUnits }: ReorderSettings,
): Promise<void> {
  await client.query({
    name: 'set-reorder-settings',
    text: `
      insert into reorder_settings (merchant_id, sku, lead_days, review_days, service_level, pack_units)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (merchant_id, sku) do update set
        (lead_days, review_days, service_level, pack_units, updated_at) =
        (excluded.lead_days, excluded.review_days, excluded.service_level, excluded.pack_units, now())`,
    values: [merchantId, sku, leadDays, reviewDays, serviceLevel, packUnits],
  });
}

/** Of the merchant for everything, or of one article; undefined where there are none. */
export async function findReorderSettings(
  database: Pool | ClientBase,
  merchantId: string,
  sku: string | null,
): Promise<ReorderSettings | undefined> {
  const { rows } = await database.query<ReorderSettings>({
    name: 'find-reorder-settings',
    text: `
      select sku, lead_days as "leadDays", review_days as "reviewDays", service_level as "serviceLevel",
        pack_units as "packUnits"
      from reorder_settings where merchant_id = $1 and sku is not distinct from $2`,
    values: [merchantId, sku],
  });
  return rows[0];
}

/** Whether there were any. */
export async function dropReorderSettings(
  client: Pool | ClientBase,
  merchantId: string,
  sku: string,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'drop-reorder-settings',
    text: 'delete from reorder_settings where merchant_id = $1 and sku = $2',
    values: [merchantId, sku],
  });
  return (rowCount ?? 0) > 0;
}
