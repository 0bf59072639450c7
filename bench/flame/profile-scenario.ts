/** Runs a scenario of the bench with some of its processes under V8's profiler. */
import type { TakenThread } from '../machine/inspected-process.ts';
import { withProfiling } from '../machine/profiling.ts';
import { parseProfile, type ThreadProfile } from './profile.ts';

export interface Taken {
  readonly part: string;
  /** What the scenario said that it was doing when the process was started. */
  readonly run: string;
  readonly threads: readonly ThreadProfile[];
}

export interface ProfileOptions<T> {
  readonly parts: readonly string[];
  readonly only: string | undefined;
  work(progress: (what: string) => void): Promise<T>;
  progress(what: string): void;
}

export interface Profiles<T> {
  readonly outcome: T;
  readonly taken: readonly Taken[];
  /** All parts that there were, wanted or not. */
  readonly seen: readonly string[];
}

/** Of several processes of a part that run side by side one is watched: the others do the same. */
export async function profileScenario<T>(options: ProfileOptions<T>): Promise<Profiles<T>> {
  const { parts, only, work } = options;
  const taken: Taken[] = [];
  const seen = new Set<string>();
  const begun = new Map<string, string>();
  let doing = '';
  const outcome = await withProfiling(
    {
      wants(part) {
        seen.add(part);
        if (!parts.includes(part) || begun.has(part)) return false;
        if (only !== undefined && !doing.includes(only)) return false;
        begun.set(part, doing);
        return true;
      },
      async taken(part, threads) {
        const run = begun.get(part) ?? '';
        begun.delete(part);
        const profiles = threads.flatMap(profileOf);
        if (profiles.length > 0) taken.push({ part, run, threads: profiles });
      },
    },
    () =>
      work((what) => {
        doing = what;
        options.progress(what);
      }),
  );
  return { outcome, taken, seen: [...seen].sort() };
}

function profileOf({ thread, profile }: TakenThread): ThreadProfile[] {
  const parsed = parseProfile(profile);
  return parsed.ok ? [{ thread, profile: parsed.profile }] : [];
}
