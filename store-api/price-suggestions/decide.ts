/** A merchant takes a suggested price, or not. Nobody and nothing else does. */
import type { FastifyRequest } from 'fastify';
import { findPriceBounds } from '../../db/queries/forecast/price-bounds.ts';
import {
  decideSuggestion,
  findPriceSuggestion,
  type PriceSuggestionRow,
} from '../../db/queries/forecast/price-suggestions.ts';
import { findVariantContent, type StoredContent } from '../../db/queries/forecast/variant-content.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { updateVariant } from '../../db/queries/write-variants.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { ALL } from '../caching/catalog.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { changeOwnProduct, merchantOf, type OwnChange } from '../products/own.ts';
import { ById } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { refusals, Suggestion, tags } from './forms.ts';
import { showSuggestion } from './show.ts';

export function decideSuggestionRoutes(app: StoreApp, services: StoreServices): void {
  const schema = { tags, params: ById, response: { 200: Suggestion, ...refusals } };

  app.post(
    '/seller/price-suggestions/:id/accept',
    {
      config: { access: sellers('catalog') },
      schema: {
        ...schema,
        summary: 'Makes the suggested price the price',
        description: 'Refused where the price, its bounds or its currency have changed since, or its time is over.',
      },
    },
    async (request) => await decide(services, request, request.params.id, 'accepted'),
  );

  app.post(
    '/seller/price-suggestions/:id/dismiss',
    { config: { access: sellers('catalog') }, schema: { ...schema, summary: 'Leaves the price as it is' } },
    async (request) => await decide(services, request, request.params.id, 'dismissed'),
  );
}

async function decide(
  services: StoreServices,
  request: FastifyRequest,
  id: string,
  state: 'accepted' | 'dismissed',
): Promise<Suggestion> {
  const merchantId = merchantOf(callerOf(request));
  const { productId } = await own(services.database, id, merchantId);
  const act = { productId, action: `price.suggestion.${state}` };
  return await changeOwnProduct(services, request, act, async ({ change, product }) => {
    // The product is locked: of two who decide, the second one reads what the first has done.
    const found = await own(change.client, id, merchantId);
    if (found.state !== 'open') throw new Refusal('STEP_REFUSED', { detail: `It was ${found.state} already.` });
    if (state === 'accepted') await takePrice(services, { change, product }, found, merchantId);
    if (!(await decideSuggestion(change.client, id, { state, nowMs: services.clock.now() }))) {
      throw new Refusal('STEP_REFUSED', { detail: 'Another suggestion has taken its place.' });
    }
    await record(services, change.client, request, act.action, found);
    return showSuggestion({ ...found, state });
  });
}

async function own(
  database: StoreServices['database'] | DatabaseClient,
  id: string,
  merchantId: string | null,
): Promise<PriceSuggestionRow> {
  const found = await findPriceSuggestion(database, id, merchantId);
  if (found === undefined) throw new Refusal('NOT_FOUND');
  return found;
}

async function takePrice(
  { clock }: Pick<StoreServices, 'clock'>,
  { change }: OwnChange,
  suggestion: PriceSuggestionRow,
  merchantId: string | null,
): Promise<void> {
  const { sku, suggested: price } = suggestion;
  const content = await findVariantContent(change.client, sku, merchantId);
  if (content === undefined) throw new Refusal('NOT_FOUND');
  refuseStale(suggestion, content, clock.now());
  const bounds = await findPriceBounds(change.client, sku);
  if (
    bounds === undefined ||
    bounds.currency !== suggestion.currency ||
    price < bounds.floor ||
    price > bounds.ceiling
  ) {
    const now = bounds === undefined ? 'there are none any more' : `they are ${bounds.floor} and ${bounds.ceiling} now`;
    throw new Refusal('PRICE_OUT_OF_BOUNDS', { detail: `${price} is not within floor and ceiling: ${now}.` });
  }
  await updateVariant(change.client, content.id, { ...content, price });
  change.stale('rates', ALL);
}

function refuseStale(suggestion: PriceSuggestionRow, content: StoredContent, nowMs: number): void {
  const { price, currency, expiresAt } = suggestion;
  if (nowMs >= expiresAt) {
    throw new Refusal('SUGGESTION_STALE', { detail: `It was good until ${new Date(expiresAt).toISOString()}.` });
  }
  if (content.price !== price || content.currency !== currency) {
    const now = `${content.price} ${content.currency}`;
    throw new Refusal('SUGGESTION_STALE', { detail: `It was made for ${price} ${currency}, the price is ${now} now.` });
  }
}

/** Of an admin the change of the product is written down already, of a merchant only this. */
async function record(
  { nextId }: Pick<StoreServices, 'nextId'>,
  client: DatabaseClient,
  request: FastifyRequest,
  action: string,
  { id, sku, price, suggested, currency }: PriceSuggestionRow,
): Promise<void> {
  const { userId: actorId, role: actorRole } = callerOf(request);
  const detail = { suggestionId: id, price, suggested, currency };
  await recordAct(client, { id: nextId(), actorId, actorRole, action, subjectKind: 'variant', subjectId: sku, detail });
}
