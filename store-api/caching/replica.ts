/** Reads that may be a moment old, from a copy of the database where there is one and it answers. */
import { INTERVALS } from '../../contracts/limits.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface Reads {
  read<T>(query: (database: Database) => Promise<T>): Promise<T>;
}

export function createReads(options: {
  readonly database: Database;
  readonly replica?: Database | undefined;
  readonly log: Logger;
}): Reads {
  const { database, replica, log } = options;
  if (replica === undefined) return { read: (query) => query(database) };
  let restUntilMs = 0;
  return {
    async read(query) {
      if (performance.now() < restUntilMs) return await query(database);
      try {
        return await query(replica);
      } catch (error) {
        if (isMistakeOfQuery(error)) throw error;
        restUntilMs = performance.now() + INTERVALS.replicaRestMs;
        log.warn({ err: error }, 'the replica did not answer: its reads go to the database for a while');
        return await query(database);
      }
    },
  };
}

/** The server understood and refused: the database would too. Not so for one that is starting, stopping or recovering. */
function isMistakeOfQuery(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^(2[0-9]|42|OD)[0-9A-Z]{3}$/.test(code);
}
