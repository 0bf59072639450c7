import { searchProductsRoute } from './products.ts';
import { suggestRoute } from './suggest.ts';
import { createSynonymRoute } from './synonyms/create.ts';
import { listSynonymsRoute } from './synonyms/list.ts';
import { removeSynonymRoute } from './synonyms/remove.ts';
import { updateSynonymRoute } from './synonyms/update.ts';
import { noteViewRoute } from './views.ts';

export const SEARCH_ROUTES = [
  ...[searchProductsRoute, suggestRoute, noteViewRoute],
  ...[listSynonymsRoute, createSynonymRoute, updateSynonymRoute, removeSynonymRoute],
] as const;
