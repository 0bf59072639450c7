/**
 * OpenSearch or Elasticsearch finds and counts; what is shown of the hits comes from PostgreSQL, as do suggestions. While
 * it is away PostgreSQL searches by itself: its own index is kept in step all the time.
 */
import { LIMITS } from '../../../contracts/limits.ts';
import { findShown } from '../../../db/queries/search/find-shown.ts';
import { readTerms } from '../../../db/queries/search/read-words.ts';
import type { Database } from '../../../platform/connections/postgres.ts';
import type { SearchEngine, SearchRequest } from '../engine.ts';
import { idsOf, showFacets } from '../facets.ts';
import { stemsOf } from '../highlight.ts';
import { LONGEST_TERM } from '../postgres/compose.ts';
import { showProduct } from '../show-product.ts';
import { runsOf, wordsOf } from '../typed-words.ts';
import { correctedBy, facetsOf, type OpenSearchAnswer, readAnswer } from './answer.ts';
import type { OpenSearchClient } from './client.ts';
import { clausesOf, type Matched, questionOf } from './question.ts';

const LITTLE = 3;

interface Found {
  readonly answer: OpenSearchAnswer;
  readonly matched: Matched;
  readonly stems: readonly string[];
}

export interface OpenSearchEngineOptions {
  readonly client: OpenSearchClient;
  readonly index: string;
  readonly database: Database;
  /** Suggests, and searches while the other one is away. */
  readonly postgres: SearchEngine;
  onAway?(error: unknown): void;
}

export function createOpenSearchEngine(options: OpenSearchEngineOptions): SearchEngine {
  const { client, index, database, postgres } = options;

  async function find(request: SearchRequest, words: readonly string[], demands: readonly Matched[]): Promise<Found> {
    const read = await readTerms(
      database,
      runsOf(words, LONGEST_TERM).map(({ term }) => term),
    );
    const clauses = clausesOf(words, read);
    const stems = [...read.values()].flatMap(({ query, alike }) => [query, ...alike]).flatMap(stemsOf);
    const ask = async (matched: Matched): Promise<Found> => {
      const question = questionOf(request, clauses, matched, words.join(' '));
      return { answer: readAnswer(await client.call('POST', `/${index}/_search`, question)), matched, stems };
    };
    let found = await ask('all');
    for (const matched of demands) {
      if (found.answer.hits.total.value > 0 || clauses.length < 2) break;
      found = await ask(matched);
    }
    return found;
  }

  async function search(request: SearchRequest) {
    const words = wordsOf(request.text, LIMITS.searchWords);
    let found = await find(request, words, []);
    const total = found.answer.hits.total.value;
    const corrected = total < LITTLE ? correctedBy(words, found.answer) : undefined;
    let searchedFor: string | null = null;
    if (total === 0 && words.length > 0) {
      found = await find(request, corrected ?? words, ['most', 'any']);
      if (corrected !== undefined && found.answer.hits.total.value > 0) searchedFor = corrected.join(' ');
    }
    return await show(request, found, { didYouMean: corrected?.join(' ') ?? null, searchedFor });
  }

  async function show(
    request: SearchRequest,
    { answer, matched, stems }: Found,
    told: { didYouMean: string | null; searchedFor: string | null },
  ) {
    const { hits, total } = answer.hits;
    const facets = facetsOf(answer);
    const { products, names } = await findShown(database, {
      ids: hits.map(({ _id }) => _id),
      namesOf: idsOf(facets),
      nowMs: request.nowMs,
    });
    const end = request.offset + request.limit;
    return {
      ...{
        items: products.map((row) => showProduct(row, stems)),
        total: total.value,
        approximate: false,
        matched,
        ...told,
      },
      hasMore: total.value > end && end < LIMITS.searchCandidates,
      facets: showFacets(facets, names),
    };
  }

  return {
    name: 'opensearch',
    suggest: postgres.suggest,
    async search(request) {
      try {
        return await search(request);
      } catch (error) {
        options.onAway?.(error);
        return await postgres.search(request);
      }
    },
  };
}
