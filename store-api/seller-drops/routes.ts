/** The routes of merchants' drops, in one list. */
import { checkDropRoute } from './check.ts';
import { createDropRoute } from './create.ts';
import { sellerFairnessRoute } from './fairness.ts';
import { dropLedgerRoute } from './ledger.ts';
import { liveDropRoute } from './live/route.ts';
import { proposalRoute } from './proposal.ts';
import { readDropRoutes } from './read.ts';
import { removeDropRoute } from './remove.ts';
import { dropResultRoute } from './result.ts';
import { scheduleDropRoute } from './schedule.ts';
import { dropStepRoutes } from './steps.ts';
import { updateDropRoute } from './update.ts';

export const SELLER_DROP_ROUTES = [
  ...[createDropRoute, checkDropRoute, proposalRoute, readDropRoutes, updateDropRoute, removeDropRoute],
  ...[scheduleDropRoute, dropStepRoutes],
  ...[liveDropRoute, dropLedgerRoute, sellerFairnessRoute, dropResultRoute],
] as const;
