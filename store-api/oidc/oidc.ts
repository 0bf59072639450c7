/** Sign-in at other providers, as the routes work with it. */
import type { Clock } from '../../platform/clock.ts';
import type { OidcProvider } from '../../platform/config/oidc-providers.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { Refusal } from '../plugins/problems.ts';
import { createPending, type Pending } from './pending.ts';
import { createProvider, type Provider } from './providers.ts';

export interface Oidc {
  readonly providers: readonly Provider[];
  readonly pending: Pending;
  readonly origins: readonly string[];
  readonly publicUrl: string;
  /** Rejects with NOT_FOUND. */
  byName(name: string): Provider;
  /** Where the provider sends the browser back to: one address for each, so that no answer of one is taken for another's. */
  redirectUriOf(name: string): string;
}

export interface OidcParts {
  readonly providers: readonly OidcProvider[];
  readonly publicUrl: string;
  readonly origins: readonly string[];
  readonly redis: Redis;
  readonly redisPrefix: string;
  readonly clock: Clock;
}

export function createOidc({ providers: given, publicUrl, origins, redis, redisPrefix, clock }: OidcParts): Oidc {
  const providers = given.map((one) => createProvider(one, clock));
  const base = publicUrl.replace(/\/+$/, '');
  return {
    ...{ providers, origins, publicUrl, pending: createPending({ redis, redisPrefix }) },
    byName(name) {
      const found = providers.find((one) => one.name === name);
      if (found === undefined) throw new Refusal('NOT_FOUND', { detail: 'There is no such provider.' });
      return found;
    },
    redirectUriOf: (name) => `${base}/api/v1/auth/oidc/${name}/callback`,
  };
}
