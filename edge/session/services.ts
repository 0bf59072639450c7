/** What every session of this edge works with. */
import type { IdSource } from '../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { AccessTokens } from '../../platform/tokens/access-token.ts';
import type { Tracing } from '../../platform/tracing/tracing.ts';
import type { Claims } from '../../reservation-core/claims.ts';
import type { Line } from '../../reservation-core/line.ts';
import type { Passes } from '../../reservation-core/passes.ts';
import type { RefusalCounts } from '../../reservation-core/refusal-counts.ts';
import type { Gate } from '../defence/gate.ts';
import type { EdgeMetrics } from '../metrics.ts';
import type { Passports } from '../tokens/passport.ts';
import type { Rooms } from '../waiting-room/rooms.ts';
import type { Presence } from './presence.ts';

export interface SessionServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly nextId: IdSource;
  readonly accessTokens: AccessTokens;
  readonly passports: Passports;
  readonly gate: Gate;
  readonly rooms: Rooms;
  readonly line: Line;
  readonly passes: Passes;
  readonly claims: Claims;
  readonly presence: Presence;
  readonly metrics: EdgeMetrics;
  readonly tracing: Tracing;
  readonly refusals: RefusalCounts;
  readonly regions: readonly string[];
}
