/** Looks up what was asked for in the past, and divides units by it. */
import { type Past, type Proposal, proposeAllocation } from '../../commerce/drops/propose-allocation.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { DAY_MS, dayOf } from '../../db/queries/forecast/count-day.ts';
import {
  findArticleRegions,
  findDemandSums,
  findMerchantDrops,
  type RegionDemandRow,
} from '../../db/queries/forecast/region-demand.ts';
import type { Database, DatabaseClient } from '../../platform/connections/postgres.ts';
import type { StoreServices } from '../services.ts';

export interface WantedUnits {
  readonly sku: string;
  readonly units: number;
}

export interface ProposedItem extends Proposal {
  readonly sku: string;
  /** Undefined of what is no article of the merchant's: nothing is told of it, and its units are divided as if it were new. */
  readonly title: string | undefined;
}

/** Drops of the merchant that count. */
const LAST_DROPS = 50;

export async function proposeItems(
  { regions, clock }: Pick<StoreServices, 'regions' | 'clock'>,
  database: Database | DatabaseClient,
  merchantId: string,
  items: readonly WantedUnits[],
): Promise<ProposedItem[]> {
  const since = dayOf(clock.now() - LIMITS.forecastPastDays * DAY_MS);
  const skus = items.map(({ sku }) => sku);
  const articles = await findArticleRegions(database, { skus, merchantId, since });
  const drops = pastOf(await findMerchantDrops(database, { merchantId, since, drops: LAST_DROPS }));
  const shop = pastOf(await findDemandSums(database, null));
  const categories = new Map<string, Past>();
  for (const { categoryId } of articles) {
    if (!categories.has(categoryId)) categories.set(categoryId, pastOf(await findDemandSums(database, categoryId)));
  }
  return items.map(({ sku, units }) => {
    const article = articles.find((one) => one.sku === sku);
    const proposal = proposeAllocation(units, {
      ...{ regions, drops, shop },
      article: pastOf(article?.regions ?? []),
      category: categories.get(article?.categoryId ?? '') ?? new Map(),
    });
    return { sku, title: article?.title, ...proposal };
  });
}

export function allocationOf({ regions }: Proposal): Record<string, number> {
  return Object.fromEntries(regions.map(({ region, units }) => [region, units]));
}

function pastOf(rows: readonly RegionDemandRow[]): Past {
  return new Map(rows.map(({ region, ...past }) => [region, past]));
}
