import { beginRoute, listProvidersRoute } from './begin.ts';
import { callbackRoute } from './callback.ts';
import { exchangeRoute } from './exchange.ts';
import { connectIdentityRoute, disconnectIdentityRoute, listIdentitiesRoute } from './identities.ts';

export const OIDC_ROUTES = [
  ...[listProvidersRoute, beginRoute, callbackRoute, exchangeRoute],
  ...[listIdentitiesRoute, connectIdentityRoute, disconnectIdentityRoute],
] as const;
