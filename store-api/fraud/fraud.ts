/** The model that orders are judged by, as this process knows it: another one that was trained is heard of soon after. */
import { requireModel, type VersionedModel } from '../../commerce/fraud/model.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { findActiveModel } from '../../db/queries/fraud/models.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { createRefreshed } from '../../platform/refreshed.ts';

export interface Fraud {
  /** Undefined while there is none: the rules judge alone. */
  model(): VersionedModel | undefined;
  /** Reads it for the first time. Never rejects, and holds nobody up for long. */
  begin(): Promise<void>;
}

export interface FraudParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createFraud({ database, clock, log }: FraudParts): Fraud {
  const models = createRefreshed({
    read: async () => requireModel(await findActiveModel(database)),
    everyMs: INTERVALS.fraudModelEveryMs,
    ...{ clock, failed: (error) => log.warn({ err: error }, 'the fraud model cannot be read; the one before holds') },
  });
  return { model: models.current, begin: models.begin };
}
