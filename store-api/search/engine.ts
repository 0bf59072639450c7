/** What a search engine has to do, whichever it is. */
import type { SortName } from '../../db/queries/search/find-candidates.ts';

export interface SearchFilters {
  /** With everything below it in the tree. */
  readonly categoryIds: readonly string[];
  readonly brandIds: readonly string[];
  readonly priceMinMinor?: number;
  readonly priceMaxMinor?: number;
  /** Whole stars, 1 to 4: this many or more. */
  readonly ratingMin?: number;
  readonly inStock?: boolean;
  /** As name=value. Values of one name are alternatives; different names must all fit. */
  readonly attributes: readonly string[];
  readonly tags: readonly string[];
}

export interface SearchRequest {
  readonly text: string;
  readonly filters: SearchFilters;
  readonly sort: SortName;
  readonly offset: number;
  readonly limit: number;
  readonly nowMs: number;
  readonly liked: { readonly categories: readonly string[]; readonly brands: readonly string[] };
  readonly withFacets: boolean;
}

export interface FoundProduct {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly image: string | null;
  readonly brand: { readonly id: string; readonly name: string } | null;
  readonly category: { readonly id: string; readonly name: string };
  readonly price: number;
  readonly currency: string;
  readonly inStock: boolean;
  /** Stars, or null where nobody has rated. */
  readonly rating: number | null;
  readonly reviews: number;
  readonly promoted: boolean;
  /** HTML, escaped, with the words that matched in <mark>. */
  readonly highlights: { readonly title: string; readonly description: string | null };
}

export interface FacetValue {
  readonly value: string;
  readonly name: string;
  readonly count: number;
}

export interface Facets {
  readonly categories: readonly FacetValue[];
  readonly brands: readonly FacetValue[];
  readonly prices: readonly { readonly from: number; readonly to: number | null; readonly count: number }[];
  readonly ratings: readonly { readonly atLeast: number; readonly count: number }[];
  readonly availability: { readonly inStock: number; readonly outOfStock: number };
  readonly attributes: readonly { readonly name: string; readonly values: readonly FacetValue[] }[];
}

export interface SearchAnswer {
  readonly items: readonly FoundProduct[];
  /** Whether there is more after these. */
  readonly hasMore: boolean;
  readonly total: number;
  /** Then there are more than `total`, and the facets count the best of them only. */
  readonly approximate: boolean;
  readonly facets: Facets | null;
  /** What was probably meant, where what was typed finds nothing or little. */
  readonly didYouMean: string | null;
  /** What was searched for instead of what was typed, as that finds nothing; null where it was searched as typed. */
  readonly searchedFor: string | null;
  /** Whether all words had to match, or, as nothing has them all, all but one or any. */
  readonly matched: 'all' | 'most' | 'any';
}

export interface Suggestions {
  readonly queries: readonly string[];
  readonly categories: readonly { readonly id: string; readonly name: string }[];
  readonly brands: readonly { readonly id: string; readonly name: string }[];
  readonly products: readonly { readonly id: string; readonly title: string; readonly slug: string }[];
}

export interface SearchEngine {
  readonly name: string;
  search(request: SearchRequest): Promise<SearchAnswer>;
  suggest(text: string, limit: number): Promise<Suggestions>;
}
