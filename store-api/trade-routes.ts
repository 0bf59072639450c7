/** The routes of the trade, in one list. */
import { MERCHANT_ROUTES } from './merchants/routes.ts';
import type { StoreApp, StoreServices } from './services.ts';

type Routes = (app: StoreApp, services: StoreServices) => void;

export const TRADE_ROUTES: readonly Routes[] = [...MERCHANT_ROUTES];
