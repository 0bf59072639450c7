import { randomBytes } from 'node:crypto';
import { beforeAll } from 'vitest';
import { FromBeforeAll } from './from-before-all.ts';
import { askDeadlineMs, askHost } from './host/client.ts';

/** The run's Redis, shared with other test files: every key of this one begins with `prefix`. */
export function useRedis(): { readonly url: string; readonly prefix: string } {
  const url = new FromBeforeAll<string>('the URL of Redis');
  const prefix = `t${randomBytes(5).toString('hex')}`;
  beforeAll(async () => url.set((await askHost('shared', { kind: 'redis' })).address), askDeadlineMs);
  return {
    get url() {
      return url.value;
    },
    prefix,
  };
}
