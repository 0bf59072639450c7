import Type from 'typebox';
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
import { asOfToday, daysOf, short, sumsOf } from './expected.ts';
import { exact, ForecastPage, PageQuery, refusals, tags } from './forms.ts';

export function listForecastsRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/seller/forecasts',
    {
      config: { access: sellers('inventory') },
      schema: {
        summary: 'What will be asked for, by SKU; of one `sku` day by day and by region',
        description: 'Made each night from the orders of the store. What drops sell is planned, not forecast.',
        tags,
        querystring: Type.Object(PageQuery, exact),
        response: { 200: ForecastPage, ...refusals },
      },
    },
    async (request) => {
      const { sku = null, cursor = null, limit } = request.query;
      const merchantId = merchantOf(callerOf(request));
      const found = await findForecastArticles(database, { merchantId, sku, after: cursor, limit: limit + 1 });
      if (sku !== null && found.length === 0) throw new Refusal('NOT_FOUND');
      const articles = found.slice(0, limit);
      const skus = articles.map((article) => article.sku);
      const forecasts = await findForecasts(database, skus, { withRegions: sku !== null });
      const items = articles.map((article) => {
        const made = forecasts.get(article.sku) ?? [];
        return shown(
          article,
          made.map((one) => asOfToday(one, clock.now())),
          sku !== null,
        );
      });
      return { items, nextCursor: found.length > limit ? (articles.at(-1)?.sku ?? null) : null };
    },
  );
}

const NOTHING = { model: 'none', parameters: {}, daysSeen: 0, unitsSeen: 0 };
const COVERAGE = 0.9;

function shown({ sku, title }: ForecastArticle, forecasts: readonly FoundForecast[], inFull: boolean) {
  const [all, ...regions] = forecasts;
  if (all === undefined) {
    const sums = sumsOf({ mean: [], deviation: [], coverage: COVERAGE });
    const more = inFull ? { days: [], regions: [] } : {};
    return { sku, title, fromDay: null, coverage: COVERAGE, madeAt: null, ...NOTHING, ...sums, ...more };
  }
  const { fromDay, coverage, madeAt } = all;
  const whole = sumsOf(all).month.mean;
  const more = {
    days: daysOf(all),
    regions: regions.map((one) => {
      const share = whole === 0 ? 0 : short(sumsOf(one).month.mean / whole);
      return { region: one.region ?? '', share, ...figuresOf(one), days: daysOf(one) };
    }),
  };
  return { sku, title, fromDay, coverage, madeAt, ...figuresOf(all), ...(inFull ? more : {}) };
}

function figuresOf(forecast: FoundForecast) {
  const { model, parameters, daysSeen, unitsSeen } = forecast;
  return { model, parameters: { ...parameters }, daysSeen, unitsSeen, ...sumsOf(forecast) };
}
