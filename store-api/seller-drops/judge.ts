/** Looks up what has to be known to judge a drop, and judges it. */
import { checkPlan } from '../../commerce/drops/check-plan.ts';
import type { Findings } from '../../commerce/drops/finding.ts';
import type { DropFacts, DropPlan, StockedShelf } from '../../commerce/drops/plan.ts';
import { findDropVariants, findFreeShelves, findOverlappingDrops } from '../../db/queries/drops/find-drop-facts.ts';
import type { Database, DatabaseClient } from '../../platform/connections/postgres.ts';
import type { StoreServices } from '../services.ts';

export interface Judged extends Findings {
  readonly shelves: readonly StockedShelf[];
}

export async function judge(
  services: Pick<StoreServices, 'regions' | 'clock'>,
  database: Database | DatabaseClient,
  plan: DropPlan,
  of: { readonly merchantId: string; readonly dropId: string | null },
): Promise<Judged> {
  const skus = plan.skus.map(({ sku }) => sku);
  const during = { fromMs: plan.lobbyOpensAt, untilMs: plan.endsAt };
  const variants = await findDropVariants(database, skus, of.merchantId);
  const own = variants.map(({ sku }) => sku);
  // Of what is somebody else's nothing is told, nor what lies on its shelves.
  const shelves = await findFreeShelves(database, own);
  const otherDrops = await findOverlappingDrops(database, { skus: own, except: of.dropId, ...during });
  const facts: DropFacts = { nowMs: services.clock.now(), regions: services.regions, variants, shelves, otherDrops };
  return { ...checkPlan(plan, facts), shelves };
}
