/** The routes of merchants' drops, in one list. */
import { checkDropRoute } from './check.ts';
import { createDropRoute } from './create.ts';
import { readDropRoutes } from './read.ts';
import { removeDropRoute } from './remove.ts';
import { scheduleDropRoute } from './schedule.ts';
import { dropStepRoutes } from './steps.ts';
import { updateDropRoute } from './update.ts';

export const SELLER_DROP_ROUTES = [
  ...[createDropRoute, checkDropRoute, readDropRoutes, updateDropRoute, removeDropRoute],
  ...[scheduleDropRoute, dropStepRoutes],
] as const;
