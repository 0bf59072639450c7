/** What the parts of an audit work with. */
import type { Clock } from '../../platform/clock.ts';
import type { Kafka } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import type { BookedPayment } from './check-claim.ts';

export interface AuditCore {
  readonly database: Database;
  readonly kafka: Kafka;
  readonly topicPrefix: string;
  readonly shards: Shards;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly dropId: string;
  readonly tell?: (line: string) => void;
}

export interface RegionsOfDrop {
  /** Have their data. */
  readonly known: readonly string[];
  /** Do not answer, or have lost their terms. */
  readonly missing: readonly string[];
}

export interface Look {
  readonly regions: RegionsOfDrop;
  readonly books: ReadonlyMap<string, BookedPayment> | undefined;
  readonly asked: ReadonlySet<string>;
}
