import type { VariableName } from '../../platform/config/variables.ts';

/** What npm start stands in for in development, where these variables name nothing else. */
export const STAND_INS = ['PAYMENT_API_URL', 'SMTP_URL'] as const satisfies readonly VariableName[];
export type StandIn = (typeof STAND_INS)[number];
