/** What to order, and why. */
import Type from 'typebox';
import { type Reorder, type ReorderRule, reorderOf } from '../../commerce/forecast/reorder.ts';
import { LIMITS } from '../../contracts/limits.ts';
import {
  type ForecastArticle,
  type FoundForecast,
  findForecastArticles,
  findForecasts,
} from '../../db/queries/forecast/find-forecasts.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { asOfToday } from './expected.ts';
import { exact, PageQuery, ReorderPage, refusals, tags } from './forms.ts';
import { ruleAnswer } from './rules.ts';

export function listReorderRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/seller/reorder',
    {
      config: { access: sellers('inventory') },
      schema: {
        summary: 'What to order, how much, and why',
        description:
          'By SKU. One page looks through so many articles at the most: it may be short, or empty, and have a cursor all the same.',
        tags,
        querystring: Type.Object(
          { ...PageQuery, due: Type.Boolean({ default: true, description: 'Only what it is time to order.' }) },
          exact,
        ),
        response: { 200: ReorderPage, ...refusals },
      },
    },
    async (request) => {
      const { sku = null, cursor = null, limit, due } = request.query;
      const asked = { merchantId: merchantOf(callerOf(request)), sku, after: cursor };
      const items: ReorderLine[] = [];
      let after = cursor;
      for await (const line of judged(services, asked)) {
        if (line === 'enough looked through' || items.length === limit) return { items, nextCursor: after };
        after = line.sku;
        if (!due || line.isDue || sku !== null) items.push(line);
      }
      if (sku !== null && items.length === 0) throw new Refusal('NOT_FOUND');
      return { items, nextCursor: null };
    },
  );
}

type ReorderLine = ReturnType<typeof shown>;

/** Article by article; so many at the most, then it says so. */
async function* judged(
  { database, clock }: Pick<StoreServices, 'database' | 'clock'>,
  asked: { readonly merchantId: string | null; readonly sku: string | null; readonly after: string | null },
): AsyncGenerator<ReorderLine | 'enough looked through'> {
  let { after } = asked;
  for (let looked = 0; looked < LIMITS.reorderScan; looked += SCAN) {
    const articles = await findForecastArticles(database, { ...asked, after, limit: SCAN });
    const skus = articles.map(({ sku }) => sku);
    const forecasts = await findForecasts(database, skus, { withRegions: false });
    for (const article of articles) yield shown(article, forecasts.get(article.sku)?.[0], clock.now());
    if (articles.length < SCAN) return;
    after = skus.at(-1) ?? null;
  }
  yield 'enough looked through';
}

const SCAN = 200;

function shown(article: ForecastArticle, found: FoundForecast | undefined, nowMs: number) {
  const { sku, title, available } = article;
  const rule = ruleAnswer(article.rule);
  const forecast = found === undefined ? NOTHING : asOfToday(found, nowMs);
  const reorder = reorderOf(forecast, rule, available);
  return { sku, title, available, ...reorder, model: forecast.model, rule, why: whyOf(reorder, rule, available) };
}

const NOTHING = { model: 'none', mean: [], deviation: [] };

function whyOf(reorder: Reorder, rule: ReorderRule, available: number): string {
  const { leadTimeDemand, safetyStock, reorderPoint, upTo, quantity } = reorder;
  if (reorderPoint === 0) return 'Nothing is expected to be asked for.';
  const percent = Math.round(rule.serviceLevel * 1_000) / 10;
  const expected =
    `${leadTimeDemand} units are expected in the ${rule.leadDays} days until an order is there; with ${safetyStock} more ` +
    `it suffices ${percent} times of 100. ${available} are free`;
  if (!reorder.isDue) return `${expected}: no order before ${reorderPoint} are left.`;
  const packs = rule.packUnits === 1 ? '' : ` in packs of ${rule.packUnits}`;
  return `${expected}, no more than ${reorderPoint}: ${quantity}${packs} fill it up to ${upTo}, for ${rule.reviewDays} days more.`;
}
