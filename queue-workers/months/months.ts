/** An installation that nobody starts anew for a year goes on writing: its months are made ahead of it. */
import { makeMonths } from '../../db/queries/make-months.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeat } from '../repeat.ts';

export interface MonthsOptions {
  readonly database: Database;
  readonly everyMs: number;
  readonly log: Logger;
  failed(): void;
}

export function startMonths({ database, everyMs, log, failed }: MonthsOptions): Repeated {
  return repeat({
    everyMs,
    async look() {
      const made = await makeMonths(database);
      if (made > 0) log.info({ made }, 'made partitions for the months ahead');
    },
    failed(error) {
      failed();
      log.warn({ err: error }, 'the months ahead could not be made, trying again');
    },
  });
}
