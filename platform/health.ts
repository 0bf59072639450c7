import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { PLATFORM_LIMITS } from './limits.ts';
import { maskText } from './logging/redaction.ts';

/** One thing that a process works with. */
export interface Check {
  readonly name: string;
  /** With `false` the process works on without it: the report names it, and stays ready. Otherwise it is needed. */
  readonly needed?: boolean;
  /** Really asks; rejects with the reason why not. */
  check(): Promise<void>;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly reason?: string;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: readonly CheckResult[];
}

export interface Readiness {
  add(check: Check): void;
  report(): Promise<ReadinessReport>;
}

/** Asks all checks at once, each within a deadline. Many who ask at the same time share one answer. */
export function createReadiness(options: {
  readonly clock: Clock;
  readonly deadlineMs?: number;
  readonly cacheMs?: number;
}): Readiness {
  const { clock, deadlineMs = PLATFORM_LIMITS.checkDeadlineMs, cacheMs = PLATFORM_LIMITS.readinessCacheMs } = options;
  const checks: { readonly needed: boolean; readonly ask: () => Promise<CheckResult> }[] = [];
  let asking: Promise<ReadinessReport> | undefined;
  let last: { readonly report: ReadinessReport; readonly atMs: number } | undefined;

  async function ask(): Promise<ReadinessReport> {
    const asked = [...checks];
    const results = await Promise.all(asked.map((check) => check.ask()));
    const ready = results.every(({ ok }, at) => ok || asked[at]?.needed === false);
    const report = { ready, checks: results };
    last = { report, atMs: clock.now() };
    asking = undefined;
    return report;
  }

  return {
    add(check) {
      checks.push({ needed: check.needed !== false, ask: oneAtATime(check, deadlineMs) });
      last = undefined;
    },
    report() {
      if (last !== undefined && clock.now() - last.atMs < cacheMs) return Promise.resolve(last.report);
      asking ??= ask();
      return asking;
    },
  };
}

/** A check that hangs is not started again while it hangs: probes must not pile up calls on a sick server. */
function oneAtATime(check: Check, deadlineMs: number): () => Promise<CheckResult> {
  let pending: Promise<void> | undefined;
  return async () => {
    pending ??= settle(check).finally(() => {
      pending = undefined;
    });
    try {
      await withDeadline(pending, deadlineMs, check.name);
      return { name: check.name, ok: true };
    } catch (error) {
      return { name: check.name, ok: false, reason: reasonOf(error) };
    }
  };
}

async function settle(check: Check): Promise<void> {
  await check.check();
}

function reasonOf(error: unknown): string {
  return maskText(error instanceof Error ? error.message : String(error), PLATFORM_LIMITS.reasonChars);
}
