/**
 * The models in Redis. Lists are written under a version that nobody serves; `serve` is one SET, and the only moment at
 * which readers see anything of it. What has lists is written down before they are: a model that was left half made is
 * removed by that, without looking through all of Redis.
 */
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import {
  encodeScored,
  type ModelSettings,
  type RecommendationKeys,
  type ScoredProduct,
} from '../../contracts/recommendations.ts';
import type { Redis } from '../../platform/connections/redis.ts';

export type ListKind = 'user' | 'similar' | 'together' | 'popularIn';

export interface NewList {
  readonly kind: ListKind;
  readonly id: string;
  readonly list: Buffer;
}

export interface ModelStore {
  current(): Promise<string | null>;
  /** No more than `LIMITS.listsPerWrite` of them. */
  write(version: string, lists: readonly NewList[]): Promise<void>;
  writePopular(version: string, list: readonly ScoredProduct[]): Promise<void>;
  serve(settings: ModelSettings): Promise<void>;
  /** Lets all lists of models that are not among these go. */
  keepOnly(versions: readonly string[], known: readonly string[]): Promise<void>;
  removeUsers(versions: readonly string[], userIds: readonly string[]): Promise<void>;
}

const CODE_OF: Readonly<Record<ListKind, string>> = { user: 'u', similar: 's', together: 't', popularIn: 'p' };
const TTL_SECONDS = Math.ceil(LIFETIMES.modelMs / 1_000);

export function createModelStore(redis: Redis, keys: RecommendationKeys): ModelStore {
  function keyOf(version: string, code: string, id: string): string {
    if (code === CODE_OF.user) return keys.user(version, id);
    if (code === CODE_OF.similar) return keys.similar(version, id);
    return code === CODE_OF.together ? keys.together(version, id) : keys.popularIn(version, id);
  }

  /** A pipeline answers each command by itself: one that failed fails all of it. */
  async function send(commands: readonly (readonly (string | number | Buffer)[])[]): Promise<void> {
    const pipeline = redis.pipeline();
    for (const [command = '', ...args] of commands) pipeline.call(String(command), ...args);
    const answers = await pipeline.exec();
    if (answers === null) throw new Error('Redis did not answer a pipeline');
    for (const [error] of answers) if (error !== null) throw error;
  }

  async function remove(version: string): Promise<void> {
    const written = keys.written(version);
    for (;;) {
      // Read first and dropped after: what is cut short here is found again.
      const [batch] = await redis.lrange(written, 0, 0);
      if (batch === undefined) break;
      const gone = batch.split(' ').map((entry) => keyOf(version, entry.slice(0, 1), entry.slice(1)));
      await redis.unlink(...gone);
      await redis.lpop(written);
    }
    await redis.unlink(keys.popular(version), keys.settings(version));
  }

  return {
    current: () => redis.get(keys.current),
    async write(version, lists) {
      if (lists.length === 0) return;
      const written = keys.written(version);
      await send([
        ['RPUSH', written, lists.map(({ kind, id }) => `${CODE_OF[kind]}${id}`).join(' ')],
        ['EXPIRE', written, TTL_SECONDS],
        ...lists.map(({ kind, id, list }) => ['SET', keyOf(version, CODE_OF[kind], id), list, 'EX', TTL_SECONDS]),
      ]);
    },
    async writePopular(version, list) {
      await redis.set(keys.popular(version), encodeScored(list), 'EX', TTL_SECONDS);
    },
    async serve(settings) {
      await redis.set(keys.settings(settings.version), JSON.stringify(settings), 'EX', TTL_SECONDS);
      await redis.set(keys.current, settings.version);
    },
    async keepOnly(versions, known) {
      for (const version of known) if (!versions.includes(version)) await remove(version);
    },
    async removeUsers(versions, userIds) {
      for (let at = 0; at < userIds.length; at += LIMITS.listsPerWrite) {
        const some = userIds.slice(at, at + LIMITS.listsPerWrite);
        const gone = versions.flatMap((version) => some.map((userId) => keys.user(version, userId)));
        if (gone.length > 0) await redis.unlink(...gone);
      }
    },
  };
}
