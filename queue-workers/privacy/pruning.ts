import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { pruneOrderAddresses, prunePrivacyFiles } from '../../db/queries/privacy/files.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeatWork } from '../repeat.ts';

const KINDS = ['files', 'order addresses'] as const;
export type PrivacyPruned = (typeof KINDS)[number];

export interface PruningOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs?: number;
  pruned(kind: PrivacyPruned, count: number): void;
}

/** What is kept for a time is gone after it: files of exports, and who an order went to once no law asks any more. */
export function startPrivacyPruning(options: PruningOptions): Repeated {
  const { database, clock, log, everyMs = INTERVALS.privacyPruneEveryMs, pruned } = options;
  const most = LIMITS.privacyPruneBatch;
  return repeatWork({
    everyMs,
    kinds: KINDS,
    most,
    async work(kind) {
      const nowMs = clock.now();
      const count =
        kind === 'files'
          ? await prunePrivacyFiles(database, new Date(nowMs), most)
          : await pruneOrderAddresses(database, nowMs - LIFETIMES.invoiceAddressMs, most);
      pruned(kind, count);
      return count;
    },
    failed: (error, kind) => log.warn({ err: error, kind }, 'what is kept no longer could not be removed'),
  });
}
