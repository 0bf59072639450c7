/** Recommended products as a page shows them: only what is sold and in stock, and nothing that is in the cart already. */
import Type from 'typebox';
import type { RateTable } from '../../commerce/money/convert.ts';
import { convertForDisplay } from '../../commerce/money/convert.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { StoredProduct } from '../../db/product-rows.ts';
import { chooseTexts } from '../products/language.ts';
import type { StoreServices } from '../services.ts';
import type { Because, Ranking } from './ideas.ts';

const REASONS: readonly Because[] = ['for-you', 'similar-to', 'bought-together', 'trending', 'popular'];
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Named = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });

export const Card = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  merchantId: Type.String(),
  language: Type.String(),
  title: Type.String(),
  category: Named,
  brand: nullable(Named),
  image: nullable(Type.Object({ url: Type.String(), alt: Type.String() })),
  price: Type.Integer({ description: 'The lowest of its variants that are in stock.' }),
  currency: Type.String(),
  display: nullable(Type.Object({ amount: Type.Integer(), currency: Type.String(), converted: Type.Boolean() })),
  because: Type.Unsafe<Because>(
    Type.Union(
      REASONS.map((reason) => Type.Literal(reason)),
      { description: 'Why it is recommended.' },
    ),
  ),
  of: nullable(Type.String({ description: 'The product that it is similar to, or was bought with.' })),
});
export type Card = Type.Static<typeof Card>;

export interface CardsWanted {
  readonly ranking: Ranking;
  readonly limit: number;
  /** Articles: no product of theirs is shown. */
  readonly cart: readonly string[];
  readonly languages: readonly string[];
  readonly currency: string | undefined;
  readonly rates: RateTable;
}

/** Looked up in a few rounds: some of what is recommended is sold out. */
export async function cardsOf({ catalog }: Pick<StoreServices, 'catalog'>, wanted: CardsWanted): Promise<Card[]> {
  const { ranking, limit } = wanted;
  const cart = new Set(wanted.cart);
  const cards: Card[] = [];
  let at = 0;
  for (let round = 0; round < LIMITS.recommendationRounds && cards.length < limit; round += 1) {
    const ids = ranking.productIds.slice(at, at + limit - cards.length + SPARE);
    at += ids.length;
    if (ids.length === 0) break;
    const products = await catalog.products.getMany(ids);
    for (const id of ids) {
      const product = products.get(id);
      const card = product === undefined || isInCart(product, cart) ? undefined : cardOf(product, wanted);
      if (card !== undefined && cards.length < limit) cards.push(card);
    }
  }
  return cards;
}

/** Looked up beside what is asked for, so that one round is mostly enough. */
const SPARE = 4;

const isInCart = ({ variants }: StoredProduct, cart: ReadonlySet<string>): boolean =>
  cart.size > 0 && variants.some(({ sku }) => cart.has(sku));

function cardOf(product: StoredProduct, { ranking, languages, currency, rates }: CardsWanted): Card | undefined {
  if (product.status !== 'active') return undefined;
  const inStock = product.variants.filter((variant) => variant.inStock);
  const [first] = inStock;
  if (first === undefined) return undefined;
  const price = inStock.reduce((least, variant) => Math.min(least, variant.price), first.price);
  const shown = currency === undefined ? undefined : convertForDisplay(price, first.currency, currency, rates);
  const { title, language } = chooseTexts(product, languages);
  const { id, slug, merchantId, category, brand, images } = product;
  return {
    ...{ id, slug, merchantId, language, title, category, brand },
    ...{ image: images[0] ?? null, price, currency: first.currency },
    display:
      shown === undefined || currency === undefined
        ? null
        : { amount: shown, currency, converted: first.currency !== currency },
    ...ranking.reasonOf(id),
  };
}
