/** Everything that is known of a person, to be given to them and to be taken away. In the order in which it is done. */
import { ACCOUNT_STEPS } from './erase-account.ts';
import { EXPERIMENT_STEPS } from './erase-experiments.ts';
import { FIGURES_STEPS } from './erase-figures.ts';
import { ORDER_STEPS } from './erase-orders.ts';
import { OUTGOING_STEPS } from './erase-outgoing.ts';
import { RECOMMENDATION_STEPS } from './erase-recommendations.ts';
import { REVIEW_STEPS } from './erase-reviews.ts';
import { SHOPPING_STEPS } from './erase-shopping.ts';
import { ACCOUNT_PARTS } from './export-account.ts';
import { EXPERIMENT_PARTS } from './export-experiments.ts';
import { FIGURES_PARTS } from './export-figures.ts';
import { ORDER_PARTS } from './export-orders.ts';
import { OUTGOING_PARTS } from './export-outgoing.ts';
import { REVIEW_PARTS } from './export-reviews.ts';
import { SHOPPING_PARTS } from './export-shopping.ts';
import type { EraseStep, ExportPart } from './parts.ts';

export type { EraseStep, ExportPart } from './parts.ts';

export const EXPORT_PARTS: readonly ExportPart[] = [
  ...ACCOUNT_PARTS,
  ...SHOPPING_PARTS,
  ...ORDER_PARTS,
  ...OUTGOING_PARTS,
  ...REVIEW_PARTS,
  ...EXPERIMENT_PARTS,
  ...FIGURES_PARTS,
];
/** The account first: from then on nothing new comes. */
export const ERASE_STEPS: readonly EraseStep[] = [
  ...ACCOUNT_STEPS,
  ...SHOPPING_STEPS,
  ...ORDER_STEPS,
  ...OUTGOING_STEPS,
  ...REVIEW_STEPS,
  ...RECOMMENDATION_STEPS,
  ...EXPERIMENT_STEPS,
  ...FIGURES_STEPS,
];
