import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import { withDeadline } from '../../deadline.ts';
import { PlatformError } from '../../errors.ts';
import type { Logger } from '../../logging/logger.ts';
import type { Subscription } from './types.ts';

/** One membership in a consumer group, from joining to its end. */
export interface Member {
  /** Joins and begins to fetch. Resolves when it is a member, rejects when it cannot become one. */
  join(): Promise<void>;
  /** Resolves with the reason when the membership ends by itself. */
  readonly crashed: Promise<unknown>;
  /** Finishes the batch in hand and leaves. May be called at any time, also while joining. */
  leave(): Promise<void>;
}

export interface SuperviseOptions {
  readonly groupId: string;
  readonly open: () => Member;
  readonly stopping: AbortController;
  readonly firstJoinMs: number;
  readonly backoff: Backoff;
  readonly log: Logger;
}

/** Keeps a member in the group: whatever ends a membership, a new one follows after a back-off, until stop(). */
export async function superviseMember(options: SuperviseOptions): Promise<Subscription> {
  const { groupId, open, stopping, firstJoinMs, backoff, log } = options;
  const firstJoin = Promise.withResolvers<void>();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  let lastError: unknown;
  let lostAtMs: number | undefined;

  /** One membership; true when it came about. */
  async function live(): Promise<boolean> {
    const member = open();
    let joined = false;
    try {
      await Promise.race([member.join(), stopped]);
      joined = !stopping.signal.aborted;
      if (joined) tellJoined();
      const reason = await Promise.race([member.crashed, stopped]);
      if (!stopping.signal.aborted) note(reason);
    } catch (error) {
      note(error);
    } finally {
      await member.leave().catch((error: unknown) => log.warn({ groupId, err: error }, 'leaving a group failed'));
    }
    return joined;
  }

  function tellJoined(): void {
    firstJoin.resolve();
    if (lostAtMs === undefined) return;
    log.info({ groupId, awayMs: Math.round(performance.now() - lostAtMs) }, 'member of the consumer group again');
    lostAtMs = undefined;
  }

  /** One line for the loss, however many tries follow. */
  function note(error: unknown): void {
    lastError = error;
    const level = lostAtMs === undefined ? 'warn' : 'debug';
    lostAtMs ??= performance.now();
    log[level]({ groupId, err: error }, 'not a member of the consumer group; joining again');
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      failures = (await live()) ? 1 : failures + 1;
      if (stopping.signal.aborted) return;
      await delay(backoffMs(failures, backoff), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  const stop = async () => {
    stopping.abort();
    await running;
  };
  try {
    await withDeadline(firstJoin.promise, firstJoinMs, `joining ${groupId}`);
  } catch (error) {
    await stop();
    const cause = lastError ?? error;
    throw new PlatformError('KAFKA_UNREACHABLE', `cannot join the consumer group ${groupId}: ${messageOf(cause)}`, {
      retryable: true,
      cause,
    });
  }
  return { stop };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
