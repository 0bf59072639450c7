import { closePayoutsRoute, commissionRoutes, listPayoutsRoute } from './admin.ts';
import { payoutFileRoute, payoutReportRoute } from './report.ts';

export const PAYOUT_ROUTES = [
  ...[payoutReportRoute, payoutFileRoute],
  ...[closePayoutsRoute, listPayoutsRoute, commissionRoutes],
] as const;
