/** What a run that breaks its books on purpose has to tell: whether the audit noticed. Nothing of it is a measurement. */
import type { Audit } from './report/audit.ts';
import type { Findings } from './scenario.ts';

export function onlyAudited(audit: Audit, what: string, servers: Findings['servers'] = {}): Findings {
  return {
    ...{ settings: {}, metrics: {}, limits: {}, ratios: {}, curves: {}, samples: {}, charts: [], tables: [] },
    ...{ audit, servers },
    notes: [`On purpose: ${what} Nothing was measured, and the audit has to fail.`],
  };
}
