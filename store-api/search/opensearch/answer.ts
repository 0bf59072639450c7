/** What OpenSearch answers, as far as it is read. */
import Type from 'typebox';
import Value from 'typebox/value';
import { DropgateError } from '../../../contracts/errors.ts';
import type { StoredFacets } from '../../../db/queries/search/find-candidates.ts';

const Buckets = Type.Object({ buckets: Type.Array(Type.Object({ key: Type.String(), doc_count: Type.Integer() })) });

const Answer = Type.Object({
  hits: Type.Object({
    total: Type.Object({ value: Type.Integer() }),
    hits: Type.Array(Type.Object({ _id: Type.String() })),
  }),
  aggregations: Type.Optional(
    Type.Object({
      ...{ category: Buckets, brand: Buckets, attributes: Buckets, price: Buckets },
      rating: Type.Object({ buckets: Type.Record(Type.String(), Type.Object({ doc_count: Type.Integer() })) }),
      inStock: Type.Object({ doc_count: Type.Integer() }),
    }),
  ),
  suggest: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Array(
        Type.Object({
          text: Type.String(),
          options: Type.Array(Type.Object({ text: Type.String(), score: Type.Number(), freq: Type.Integer() })),
        }),
      ),
    ),
  ),
});
export type OpenSearchAnswer = Type.Static<typeof Answer>;

export function readAnswer(body: unknown): OpenSearchAnswer {
  if (Value.Check(Answer, body)) return body;
  throw new DropgateError('UNAVAILABLE', 'the search engine answered in a form that is not known');
}

export function facetsOf({ hits, aggregations }: OpenSearchAnswer): StoredFacets | null {
  if (aggregations === undefined) return null;
  const values = ({ buckets }: { buckets: { key: string; doc_count: number }[] }) =>
    buckets.filter(({ doc_count }) => doc_count > 0).map(({ key, doc_count }) => ({ value: key, count: doc_count }));
  const inStock = aggregations.inStock.doc_count;
  return {
    ...{ category: values(aggregations.category), brand: values(aggregations.brand) },
    price: values(aggregations.price).map(({ value, count }) => ({ value: Number(value), count })),
    rating: Object.entries(aggregations.rating.buckets)
      .map(([stars, { doc_count }]) => ({ value: Number(stars), count: doc_count }))
      .sort((a, b) => b.value - a.value),
    availability: { inStock, outOfStock: hits.total.value - inStock },
    attributes: values(aggregations.attributes),
  };
}

/** The typed words with each replaced that no product has; undefined where nothing comes near, or nothing is unknown. */
export function correctedBy(words: readonly string[], { suggest }: OpenSearchAnswer): string[] | undefined {
  const told = suggest?.['words'] ?? [];
  const corrected = words.map((word) => {
    // A word without options is known, or has nothing near.
    const options = told.find(({ text }) => text === word)?.options ?? [];
    return [...options].sort((a, b) => b.score - a.score || b.freq - a.freq)[0]?.text ?? word;
  });
  return corrected.some((word, index) => word !== words[index]) ? corrected : undefined;
}
