import {
  askErasureRoute,
  askExportRoute,
  callOffErasureRoute,
  exportFileRoute,
  listOwnRequestsRoute,
} from './own-routes.ts';
import { askForSomebodyRoute, callOffForSomebodyRoute, listRequestsRoute } from './staff-routes.ts';

export const PRIVACY_ROUTES = [
  ...[askExportRoute, askErasureRoute, callOffErasureRoute, listOwnRequestsRoute, exportFileRoute],
  ...[askForSomebodyRoute, listRequestsRoute, callOffForSomebodyRoute],
] as const;
