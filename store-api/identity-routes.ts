/** Everything about people, as one list. */
import { addressRoutes } from './addresses/routes.ts';
import { API_KEY_ROUTES } from './api-keys/routes.ts';
import { listAuditLogRoute } from './audit-log/list.ts';
import { guestRoute } from './auth/guest.ts';
import { loginRoute } from './auth/login.ts';
import { logoutEverywhereRoute, logoutRoute } from './auth/logout.ts';
import { refreshRoute } from './auth/refresh.ts';
import { registerRoute } from './auth/register.ts';
import { changePasswordRoute } from './me/password.ts';
import { changeMeRoute, getMeRoute } from './me/profile.ts';
import { endSessionRoute, listSessionsRoute } from './me/sessions.ts';
import { OIDC_ROUTES } from './oidc/routes.ts';
import { paymentMethodRoutes } from './payment-methods/routes.ts';
import { preferencesRoutes } from './preferences/routes.ts';
import { PRIVACY_ROUTES } from './privacy/routes.ts';
import { blockUserRoute, unblockUserRoute } from './users/block.ts';
import { getUserRoute } from './users/get.ts';
import { listUsersRoute } from './users/list.ts';
import { changeRoleRoute } from './users/role.ts';

export const IDENTITY_ROUTES = [
  ...[guestRoute, registerRoute, loginRoute, refreshRoute, logoutRoute, logoutEverywhereRoute],
  ...OIDC_ROUTES,
  ...[getMeRoute, changeMeRoute, changePasswordRoute, listSessionsRoute, endSessionRoute],
  ...[...addressRoutes, ...paymentMethodRoutes, ...preferencesRoutes, ...API_KEY_ROUTES, ...PRIVACY_ROUTES],
  ...[listUsersRoute, getUserRoute, blockUserRoute, unblockUserRoute, changeRoleRoute, listAuditLogRoute],
] as const;
