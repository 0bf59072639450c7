/** Products as somebody sees them: in their language, with prices in their currency. */
import { convertForDisplay, type RateTable } from '../../commerce/money/convert.ts';
import type { StoredProduct } from '../../db/product-rows.ts';
import type { StoredRate } from '../../db/queries/exchange-rates.ts';
import type { ListedProduct } from '../../db/queries/list-products.ts';
import { chooseTexts } from './language.ts';

export interface Viewer {
  readonly languages: readonly string[];
  readonly currency: string | undefined;
  readonly rates: RateTable;
}

export function rateTable(rates: readonly StoredRate[]): RateTable {
  return Object.fromEntries(rates.map(({ currency, perReference }) => [currency, perReference]));
}

export function showProduct(product: StoredProduct, viewer: Viewer) {
  const { translations, variants, tags, images, ...fields } = product;
  return {
    ...fields,
    ...chooseTexts(product, viewer.languages),
    languages: [...new Set([product.language, ...Object.keys(translations)])].toSorted(),
    tags: [...tags],
    images: [...images],
    variants: variants.map((variant) => ({ ...variant, display: displayed(variant.price, variant.currency, viewer) })),
  };
}

export function showListed(product: ListedProduct, viewer: Viewer) {
  const { translations: _translations, key: _key, tags, ...fields } = product;
  const { title, language } = chooseTexts({ ...product, description: '' }, viewer.languages);
  return { ...fields, title, language, tags: [...tags], display: displayed(product.price, product.currency, viewer) };
}

function displayed(amount: number | null, from: string | null, { currency, rates }: Viewer) {
  if (amount === null || from === null || currency === undefined) return null;
  const converted = convertForDisplay(amount, from, currency, rates);
  return converted === undefined ? null : { amount: converted, currency, converted: from !== currency };
}
