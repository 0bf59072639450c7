import { merchantsRoutes } from './admin.ts';
import { applyRoute, profileRoutes } from './profile.ts';

export const MERCHANT_ROUTES = [applyRoute, profileRoutes, merchantsRoutes] as const;
