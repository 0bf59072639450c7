/**
 * Every environment variable that Dropgate reads, once. `.env.example`, the launcher, docker-compose.yml and the docs
 * are compared with this list by tests; a process names those it needs and gets them typed (see load.ts).
 */

import { LOCAL_VARIABLES } from './variables/local.ts';
import { PROCESS_VARIABLES } from './variables/processes.ts';
import { SERVER_VARIABLES } from './variables/servers.ts';
import { SHOP_VARIABLES } from './variables/shop.ts';
import type { Variable } from './variables/variable.ts';

export type { Variable } from './variables/variable.ts';

export const variables = {
  ...PROCESS_VARIABLES,
  ...SERVER_VARIABLES,
  ...SHOP_VARIABLES,
  ...LOCAL_VARIABLES,
} as const;

export type VariableName = keyof typeof variables;
export type ValueOf<N extends VariableName> = (typeof variables)[N] extends Variable<infer T> ? T : never;

/** `REDIS_URL_US_EAST` for `us-east`. */
export function regionRedisVariable(region: string): string {
  return `REDIS_URL_${region.toUpperCase().replaceAll('-', '_')}`;
}
