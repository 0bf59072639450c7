/** What the routes work with. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { PaymentProvider } from '../commerce/payments/provider.ts';
import type { IdSource } from '../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/connections/postgres.ts';
import type { ReadinessReport } from '../platform/health.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { AccessTokens } from '../platform/tokens/access-token.ts';

export interface StoreServices {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly nextId: IdSource;
  readonly clock: Clock;
  /** For what payment providers tell; what is asked of them is asked by the payments worker. */
  readonly providers: { byName(name: string): Pick<PaymentProvider, 'readWebhook'> | undefined };
  readiness(): Promise<ReadinessReport>;
}

/** The application with types from the schemas of each route. */
export type StoreApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  TypeBoxTypeProvider
>;
