/**
 * Which key a call comes with. A key is 256 random bits, so a plain hash of it keeps it secret and costs nothing. What is
 * known of a key is good for a second in each process: a key that was revoked works no longer than that anywhere.
 */
import { createHash, randomBytes } from 'node:crypto';
import { API_KEY_PATTERN } from '../../contracts/api-keys.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { findUsableApiKey, noteApiKeyUse, type UsableApiKey } from '../../db/queries/api-keys.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface ApiKeys {
  /** Undefined for what is no key, unknown, revoked, over, or of somebody who is no merchant now. */
  find(text: string): Promise<UsableApiKey | undefined>;
}

interface Known {
  readonly untilMs: number;
  readonly key: Promise<UsableApiKey | undefined>;
}

const KEY_BYTES = 32;
/** Enough to recognise a key by, and far too little to guess the rest. */
const PREFIX_CHARS = 12;

export function makeApiKey(): { readonly text: string; readonly prefix: string; readonly hash: Buffer } {
  const text = `dgk_${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { text, prefix: text.slice(0, PREFIX_CHARS), hash: hashOf(text) };
}

export function looksLikeApiKey(text: string): boolean {
  return API_KEY_PATTERN.test(text);
}

export function createApiKeys(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}): ApiKeys {
  const { database, clock, log } = parts;
  const known = new Map<string, Known>();
  const usedAtMs = new Map<string, number>();

  function lookUp(hash: Buffer): Promise<UsableApiKey | undefined> {
    const name = hash.toString('base64');
    const nowMs = clock.now();
    const before = known.get(name);
    if (before !== undefined && nowMs < before.untilMs) return before.key;
    const key = findUsableApiKey(database, hash);
    // Counted from before it is asked, so that an answer is never older than that.
    remember(known, name, { untilMs: nowMs + INTERVALS.apiKeyLookupMs, key });
    key.catch(() => known.delete(name));
    return key;
  }

  function noteUse({ id }: UsableApiKey): void {
    const nowMs = clock.now();
    if (nowMs < (usedAtMs.get(id) ?? 0) + INTERVALS.apiKeyUseMs) return;
    remember(usedAtMs, id, nowMs);
    noteApiKeyUse(database, id, new Date(nowMs), INTERVALS.apiKeyUseMs).catch((error: unknown) => {
      log.warn({ err: error }, 'when a key was used was not written');
    });
  }

  return {
    async find(text) {
      if (!looksLikeApiKey(text)) return undefined;
      const key = await lookUp(hashOf(text));
      if (key === undefined || key.expiresAt.getTime() <= clock.now()) return undefined;
      noteUse(key);
      return key;
    },
  };
}

/** The oldest makes room. */
function remember<T>(entries: Map<string, T>, name: string, entry: T): void {
  entries.delete(name);
  entries.set(name, entry);
  const oldest = entries.size > LIMITS.apiKeysRemembered ? entries.keys().next().value : undefined;
  if (oldest !== undefined) entries.delete(oldest);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
