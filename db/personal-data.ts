/**
 * Every column of every table, and what it says about a person. Whoever adds a table adds it to one of these lists (or a
 * list of their own), with its part of the export and its step of the erasure in db/queries/privacy.
 */
import { EXPERIMENTS } from './personal-data/experiments.ts';
import { FIGURES_DATA } from './personal-data/figures.ts';
import { FORECAST } from './personal-data/forecast.ts';
import { GOODS } from './personal-data/goods.ts';
import type { TablesData } from './personal-data/kinds.ts';
import { ORDERS } from './personal-data/orders.ts';
import { OUTGOING } from './personal-data/outgoing.ts';
import { PEOPLE } from './personal-data/people.ts';
import { RECOMMENDATIONS } from './personal-data/recommendations.ts';
import { REVIEWS } from './personal-data/reviews.ts';
import { SHOPPING } from './personal-data/shopping.ts';

/** Each list is of other tables: the test counts that none is in two. */
export const PERSONAL_DATA_LISTS: readonly TablesData[] = [
  PEOPLE,
  SHOPPING,
  ORDERS,
  GOODS,
  REVIEWS,
  RECOMMENDATIONS,
  EXPERIMENTS,
  OUTGOING,
  FORECAST,
  FIGURES_DATA,
];
export const PERSONAL_DATA: TablesData = Object.assign({}, ...PERSONAL_DATA_LISTS);
