import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';
import { epochMs } from '../../product-rows.ts';

export type SuggestionState = 'open' | 'accepted' | 'dismissed' | 'superseded';

export interface NewSuggestion {
  readonly id: string;
  readonly sku: string;
  /** The price that it was made for. */
  readonly price: number;
  readonly suggested: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly currency: string;
  readonly why: object;
}

/** One open suggestion an article: what was open of these is superseded, also where nothing new is suggested. */
export async function replaceSuggestions(
  client: ClientBase,
  looked: readonly string[],
  made: readonly NewSuggestion[],
  { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
): Promise<void> {
  await client.query({
    name: 'supersede-price-suggestions',
    text: `
      update price_suggestions set state = 'superseded', decided_at = to_timestamp($2::float8 / 1000)
      where sku = any ($1::text[]) and state = 'open'`,
    values: [looked, nowMs],
  });
  await client.query({
    name: 'insert-price-suggestions',
    text: `
      insert into price_suggestions
        (id, sku, price_minor, suggested_minor, floor_minor, ceiling_minor, currency, why, made_at, expires_at)
      select r.id, r.sku, r.price, r.suggested, r.floor, r.ceiling, r.currency, r.why, to_timestamp($2::float8 / 1000),
        to_timestamp($3::float8 / 1000)
      from jsonb_to_recordset($1::jsonb) as r (
        id uuid, sku text, price bigint, suggested bigint, floor bigint, ceiling bigint, currency text, why jsonb
      )
      where exists (select from variants v where v.sku = r.sku)`,
    values: [JSON.stringify(made), nowMs, untilMs],
  });
}

export interface PriceSuggestionRow extends NewSuggestion {
  readonly why: Readonly<Record<string, unknown>>;
  readonly productId: string;
  readonly title: string;
  readonly state: SuggestionState;
  readonly madeAt: number;
  readonly expiresAt: number;
  /** What the article costs now. */
  readonly priceNow: number;
  readonly currencyNow: string;
}

const COLUMNS = `
  s.id, s.sku, v.product_id as "productId", concat_ws(' · ', p.title, nullif(v.title, '')) as title, s.state::text,
  s.price_minor as price, s.suggested_minor as suggested, s.floor_minor as floor, s.ceiling_minor as ceiling, s.currency, s.why,
  ${epochMs('s.made_at')} as "madeAt", ${epochMs('s.expires_at')} as "expiresAt", v.price_minor as "priceNow",
  v.currency as "currencyNow"`;

const FROM = 'from price_suggestions s join variants v on v.sku = s.sku join products p on p.id = v.product_id';

const MONEY = ['price', 'suggested', 'floor', 'ceiling', 'priceNow'] as const;
type Raw = Omit<PriceSuggestionRow, (typeof MONEY)[number]> & Record<(typeof MONEY)[number], string | number>;

function shown(row: Raw): PriceSuggestionRow {
  const { price, suggested, floor, ceiling, priceNow } = row;
  return {
    ...row,
    ...{ price: exact(price), suggested: exact(suggested), floor: exact(floor), ceiling: exact(ceiling) },
    priceNow: exact(priceNow),
  };
}

/** The newest first. */
export async function listPriceSuggestions(
  database: Pool | ClientBase,
  asked: {
    readonly merchantId: string | null;
    readonly sku: string | null;
    readonly state: SuggestionState;
    readonly nowMs: number;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<PriceSuggestionRow[]> {
  const { rows } = await database.query<Raw>({
    name: 'list-price-suggestions',
    text: `
      select ${COLUMNS} ${FROM}
      where ($1::uuid is null or p.merchant_id = $1) and ($2::text is null or s.sku = $2)
        and s.state = $3::price_suggestion_state and ($3 <> 'open' or s.expires_at > to_timestamp($4::float8 / 1000))
        and v.archived_at is null and ($5::uuid is null or s.id < $5)
      order by s.id desc limit $6`,
    values: [asked.merchantId, asked.sku, asked.state, asked.nowMs, asked.before, asked.limit],
  });
  return rows.map(shown);
}

/** Of who may decide on it. Without a merchant, anybody's. */
export async function findPriceSuggestion(
  database: Pool | ClientBase,
  id: string,
  merchantId: string | null,
): Promise<PriceSuggestionRow | undefined> {
  const { rows } = await database.query<Raw>({
    name: 'find-price-suggestion',
    text: `
      select ${COLUMNS} ${FROM}
      where s.id = $1 and ($2::uuid is null or p.merchant_id = $2) and v.archived_at is null`,
    values: [id, merchantId],
  });
  return rows.map(shown)[0];
}

/** False when somebody has decided already. */
export async function decideSuggestion(
  client: ClientBase,
  id: string,
  decision: { readonly state: Exclude<SuggestionState, 'open'>; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'decide-price-suggestion',
    text: `
      update price_suggestions set state = $2::price_suggestion_state, decided_at = to_timestamp($3::float8 / 1000)
      where id = $1 and state = 'open'`,
    values: [id, decision.state, decision.nowMs],
  });
  return rowCount === 1;
}
