/** By which rule a merchant orders: one for everything, and one of its own for an article. */
import { REORDER_DEFAULTS, type ReorderRule } from '../../commerce/forecast/reorder.ts';
import type { ForecastArticle } from '../../db/queries/forecast/find-forecasts.ts';
import { findForecastArticles } from '../../db/queries/forecast/find-forecasts.ts';
import {
  dropReorderSettings,
  findReorderSettings,
  setReorderSettings,
} from '../../db/queries/forecast/reorder-settings.ts';
import { callerOf, onlyFor, sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { BySku } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actAsSeller } from '../users/privileged.ts';
import { RuleAnswer, RuleBody, refusals, tags } from './forms.ts';

/** An admin orders nothing of their own. */
const OWN_ONLY = onlyFor('merchant');

export function reorderRuleRoutes(app: StoreApp, services: StoreServices): void {
  const { database } = services;
  const schema = { tags, response: { 200: RuleAnswer, ...refusals } };

  app.get(
    '/seller/reorder-settings',
    {
      config: { access: OWN_ONLY },
      schema: { ...schema, summary: 'The rule for everything that has none of its own' },
    },
    async (request) => {
      const found = await findReorderSettings(database, callerOf(request).userId, null);
      return found === undefined ? ruleAnswer(null) : { ...ruleOf(found), from: 'merchant' as const };
    },
  );

  app.put(
    '/seller/reorder-settings',
    {
      config: { access: OWN_ONLY },
      schema: { ...schema, summary: 'Sets the rule for everything that has none of its own', body: RuleBody },
    },
    async (request) => {
      await setReorderSettings(database, callerOf(request).userId, { sku: null, ...request.body });
      return { ...request.body, from: 'merchant' as const };
    },
  );

  app.put(
    '/seller/variants/:sku/reorder-settings',
    {
      config: { access: sellers('inventory') },
      schema: { ...schema, summary: 'Sets the rule of one article', params: BySku, body: RuleBody },
    },
    async (request) => {
      const caller = callerOf(request);
      const { merchantId, sku } = await ownArticle(database, request.params.sku, merchantOf(caller));
      const act = { action: 'reorder-settings.set', subjectKind: 'variant', subjectId: sku };
      await actAsSeller(services, caller, act, (client) =>
        setReorderSettings(client, merchantId, { sku, ...request.body }),
      );
      return { ...request.body, from: 'article' as const };
    },
  );

  app.delete(
    '/seller/variants/:sku/reorder-settings',
    {
      config: { access: sellers('inventory') },
      schema: {
        ...schema,
        summary: 'Takes the rule of one article away: that for everything counts again',
        params: BySku,
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { merchantId, sku } = await ownArticle(database, request.params.sku, merchantOf(caller));
      const act = { action: 'reorder-settings.removed', subjectKind: 'variant', subjectId: sku };
      await actAsSeller(services, caller, act, (client) => dropReorderSettings(client, merchantId, sku));
      return ruleAnswer((await ownArticle(database, sku, merchantOf(caller))).rule);
    },
  );
}

async function ownArticle(
  database: StoreServices['database'],
  sku: string,
  merchantId: string | null,
): Promise<ForecastArticle> {
  const [found] = await findForecastArticles(database, { merchantId, sku, after: null, limit: 1 });
  if (found === undefined) throw new Refusal('NOT_FOUND');
  return found;
}

export function ruleAnswer(rule: ForecastArticle['rule']) {
  if (rule === null) return { ...REORDER_DEFAULTS, from: 'usual' as const };
  return { ...ruleOf(rule), from: rule.isOfArticle ? ('article' as const) : ('merchant' as const) };
}

function ruleOf({ leadDays, reviewDays, serviceLevel, packUnits }: ReorderRule): ReorderRule {
  return { leadDays, reviewDays, serviceLevel: Math.round(serviceLevel * 1_000) / 1_000, packUnits };
}
