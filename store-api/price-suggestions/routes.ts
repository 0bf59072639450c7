import { priceBoundsRoutes } from './bounds.ts';
import { decideSuggestionRoutes } from './decide.ts';
import { listSuggestionsRoute } from './list.ts';

export const PRICE_SUGGESTION_ROUTES = [listSuggestionsRoute, decideSuggestionRoutes, priceBoundsRoutes] as const;
