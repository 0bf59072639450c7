/** The verdict over what a run sold. A fast run that lost, doubled or oversold one unit is a failed run. */
export interface Audit {
  readonly ok: boolean;
  /** Units sold beyond the stock, or still for sale although they were sold. */
  readonly oversold: number;
  /** Claims that were told they won and are not in the ledger, the holds or the outbox. */
  readonly lost: number;
  /** Claims that are there more than once, or that nobody was told of. */
  readonly duplicated: number;
  readonly problems: readonly string[];
}

export function joinAudits(audits: readonly Audit[]): Audit {
  const sum = (count: (audit: Audit) => number): number => audits.reduce((total, audit) => total + count(audit), 0);
  return {
    // A run in which nothing was audited has shown nothing.
    ok: audits.length > 0 && audits.every((audit) => audit.ok),
    oversold: sum((audit) => audit.oversold),
    lost: sum((audit) => audit.lost),
    duplicated: sum((audit) => audit.duplicated),
    problems: audits.length > 0 ? audits.flatMap((audit) => audit.problems) : ['nothing was audited'],
  };
}
