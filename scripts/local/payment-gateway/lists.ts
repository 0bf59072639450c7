/** Lists as Stripe pages them: newest first, `limit`, `starting_after`, `created[gte]`. */
import { type Answer, noSuch, refuse } from './answer.ts';
import type { Book, Intent } from './book.ts';
import { BOUNDS } from './bounds.ts';
import { expands, type Params } from './form.ts';
import { type Renderer, renderIntent, renderRefund } from './render.ts';

const STANDARD_PAGE = 10;

export function listIntents(book: Book, params: Params, renderer: Renderer): object | Answer {
  const limit = limitOf(params);
  if (limit === undefined) return refuse('parameter_invalid_integer', 'limit must be from 1 to 100.', 'limit');
  const after = params.get('starting_after');
  if (after !== undefined && book.intent(after) === undefined) return noSuch('payment_intent', after, 'starting_after');
  const sinceMs = Number(params.get('created[gte]') ?? 0) * 1_000;
  const found: Intent[] = [];
  for (const intent of book.newestFirst(after)) {
    // Made in the order of the list, so that everything after this one is older still.
    if (Math.floor(intent.createdMs / 1_000) * 1_000 < sinceMs || found.length > limit) break;
    found.push(intent);
  }
  const expandCharge = expands(params, 'data.latest_charge');
  return page(
    '/v1/payment_intents',
    found.slice(0, limit).map((intent) => renderIntent(intent, renderer, intent.phase, expandCharge)),
    found.length > limit,
  );
}

export function listRefunds(book: Book, params: Params): object | Answer {
  const limit = limitOf(params);
  if (limit === undefined) return refuse('parameter_invalid_integer', 'limit must be from 1 to 100.', 'limit');
  const intent = params.get('payment_intent');
  const all = intent === undefined ? [...book.newestRefundsFirst()] : [...book.refundsOf(intent)].reverse();
  const after = params.get('starting_after');
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) return noSuch('refund', after, 'starting_after');
  return page('/v1/refunds', all.slice(from, from + limit).map(renderRefund), all.length > from + limit);
}

function limitOf(params: Params): number | undefined {
  const given = params.get('limit');
  if (given === undefined) return STANDARD_PAGE;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  return limit >= 1 && limit <= BOUNDS.listPage ? limit : undefined;
}

function page(url: string, data: readonly object[], hasMore: boolean): object {
  return { object: 'list', url, has_more: hasMore, data };
}
