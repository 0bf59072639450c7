/** What the routes work with. */

import type { Carriers } from '../commerce/carriers/carriers.ts';
import type { PaymentProvider } from '../commerce/payments/provider.ts';
import type { HybridWeights } from '../commerce/recommendations/hybrid.ts';
import type { IdSource } from '../contracts/ids.ts';
import type { AnalyticsStore } from '../db/analytics/store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/connections/postgres.ts';
import type { Redis } from '../platform/connections/redis.ts';
import type { ReadinessReport } from '../platform/health.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { ObjectStore } from '../platform/objects/objects.ts';
import type { Outgoing } from '../platform/outgoing/outgoing.ts';
import type { AccessTokens } from '../platform/tokens/access-token.ts';
import type { Tracing } from '../platform/tracing/tracing.ts';
import type { Keys } from '../reservation-core/keys.ts';
import type { Shards } from '../reservation-core/shards.ts';
import type { Guests } from './auth/guests.ts';
import type { Passwords } from './auth/passwords.ts';
import type { Sessions } from './auth/sessions.ts';
import type { Catalog } from './caching/catalog.ts';
import type { Figures } from './figures/figures.ts';
import type { Flags } from './flags/flags.ts';
import type { Fraud } from './fraud/fraud.ts';
import type { Oidc } from './oidc/oidc.ts';
import type { RateLimits } from './plugins/rate-limits.ts';
import type { StoreWeb } from './plugins/web.ts';
import type { LoadMonitor } from './pressure/load.ts';
import type { PressureMetrics } from './pressure/priority.ts';
import type { SearchEngine } from './search/engine.ts';

export type { StoreApp } from './store-app.ts';

/** For reading only: what is sold is decided by the edges. */
export interface SaleCore {
  readonly shards: Shards;
  readonly keys: Keys;
}

export interface StoreServices {
  readonly database: Database;
  /**
   * That of the home: carts, counts, and what processes of the store tell one another. It may be away: a command then
   * fails at once, and what can do without it goes on.
   */
  readonly redis: Redis;
  /** Begins every key. */
  readonly redisPrefix: string;
  readonly accessTokens: AccessTokens;
  readonly nextId: IdSource;
  readonly clock: Clock;
  /** For what payment providers tell; what is asked of them is asked by the payments worker. */
  readonly providers: { byName(name: string): Pick<PaymentProvider, 'readWebhook'> | undefined };
  /** What has to happen when a guest turns out to be somebody with an account; each capability adds its part. */
  readonly guests: Guests;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  /** Where drops are sold. */
  readonly regions: readonly string[];
  /** The regions' Redis, to look at a sale; undefined where a store is run without. */
  readonly sale: SaleCore | undefined;
  /** Products, categories and rates as they are shown, cached. */
  readonly catalog: Catalog;
  readonly search: SearchEngine;
  /** How loaded this process is, and what it does without because of that or because the operator says so. */
  readonly load: LoadMonitor;
  readonly flags: Flags;
  /** What is counted: views, searches, purchases. */
  readonly figures: Figures;
  /** The sums of what was counted. */
  readonly analytics: AnalyticsStore;
  /** What each part of a recommendation weighs, where no experiment says otherwise. */
  readonly recommendationWeights: HybridWeights;
  /** What tells fraud besides the rules. */
  readonly fraud: Fraud;
  /** Where the time of single orders goes. */
  readonly tracing: Tracing;
  /** Where else people sign in. */
  readonly oidc: Oidc;
  /** Who brings parcels. */
  readonly carriers: Carriers;
  /** Pictures of reviews. */
  readonly objects: ObjectStore;
  /** What is sent to addresses that others name. */
  readonly outgoing: Outgoing;
  readiness(): Promise<ReadinessReport>;
}

/** What a store is made of; the rest of its services it makes by itself. */
export interface StoreOptions
  extends Omit<
    StoreServices,
    | 'guests'
    | 'passwords'
    | 'sessions'
    | 'limits'
    | 'catalog'
    | 'search'
    | 'carriers'
    | 'objects'
    | 'regions'
    | 'sale'
    | 'load'
    | 'tracing'
    | 'flags'
    | 'outgoing'
    | 'figures'
    | 'analytics'
    | 'recommendationWeights'
    | 'fraud'
    | 'oidc'
  > {
  readonly log: Logger;
  /** Unless given, nobody is told. */
  readonly tracing?: Tracing;
  readonly guests?: Guests;
  readonly regions?: readonly string[];
  readonly sale?: SaleCore;
  /** Unless given, one that hears of no changes but its own. */
  readonly catalog?: Catalog;
  /** Unless given, only the built-in one, which hears of nothing. */
  readonly carriers?: Carriers;
  /** Unless given, there are none, and none are taken. */
  readonly objects?: ObjectStore;
  /** Unless given, PostgreSQL searches by itself. */
  readonly search?: SearchEngine;
  readonly web?: Partial<StoreWeb>;
  /** Unless given, there are no webhooks and no push. */
  readonly outgoing?: Outgoing;
  /** Unless given, there is no load. */
  readonly load?: LoadMonitor;
  /** Unless given, those that were switched in this process. */
  readonly flags?: Flags;
  /** Unless given, nothing is counted. */
  readonly figures?: Figures;
  /** Unless given, PostgreSQL keeps the sums. */
  readonly analytics?: AnalyticsStore;
  /** Unless given, 40, 30, 20 and 10. */
  readonly recommendationWeights?: HybridWeights;
  /** Unless given, nowhere else. */
  readonly oidc?: Oidc;
  /** Unless given, the model that is active in the database. */
  readonly fraud?: Fraud;
  readonly pressureMetrics?: PressureMetrics;
}
