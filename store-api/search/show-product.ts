import type { ShownRow } from '../../db/queries/search/find-shown.ts';
import type { FoundProduct } from './engine.ts';
import { highlight, snippet } from './highlight.ts';

export function showProduct(row: ShownRow, stems: readonly string[]): FoundProduct {
  return {
    ...{ id: row.id, slug: row.slug, title: row.title, currency: row.currency, reviews: row.reviews },
    ...{ inStock: row.inStock, promoted: row.promoted, price: row.priceMinor, image: firstImage(row.images) },
    brand: row.brandId === null ? null : { id: row.brandId, name: row.brand ?? '' },
    category: { id: row.categoryId, name: row.category },
    rating: row.ratingHundredths === 0 ? null : row.ratingHundredths / 100,
    highlights: { title: highlight(row.title, stems), description: snippet(row.description, stems) },
  };
}

/** Images are kept as addresses, or as objects with one. */
function firstImage(images: readonly unknown[]): string | null {
  const [first] = images;
  if (typeof first === 'string') return first;
  const url: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'url') : undefined;
  return typeof url === 'string' ? url : null;
}
