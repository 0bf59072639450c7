/** The switches of the operator, as this process knows them: looked at twice a second. */
import { FLAG_NAMES, type FlagName, type FlagState } from '../../contracts/flags.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { listFlags, type StoredFlag } from '../../db/queries/flags/flags.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { LoadMonitor } from '../pressure/load.ts';

/** The header that tells what an answer did without. */
export const SHED = 'x-shed';

export interface KnownFlag {
  readonly name: FlagName;
  readonly state: FlagState;
  /** Whether it has its effect now, in this process. */
  readonly isOn: boolean;
  readonly updatedAt: number | null;
}

export interface Flags {
  isOn(name: FlagName): boolean;
  /** Whether the store does without it now, which is counted. */
  sheds(name: FlagName): boolean;
  list(): KnownFlag[];
  /** Reads them now. */
  refresh(): Promise<void>;
}

export interface FlagsOptions {
  /** A connection of its own, so that a switch is heard of while everybody waits for the others. */
  readonly database: Database;
  readonly load: Pick<LoadMonitor, 'level'>;
  onShed?(name: FlagName): void;
}

export function createFlags({ database, load, onShed }: FlagsOptions): Flags {
  let stored: ReadonlyMap<string, StoredFlag> = new Map();

  function isOn(name: FlagName): boolean {
    const state = stored.get(name)?.state ?? 'auto';
    return state === 'auto' ? load.level === 'calm' : state === 'on';
  }
  return {
    isOn,
    sheds(name) {
      if (isOn(name)) return false;
      onShed?.(name);
      return true;
    },
    list: () =>
      FLAG_NAMES.map((name) => {
        const { state = 'auto', updatedAt = null } = stored.get(name) ?? {};
        return { name, state, isOn: isOn(name), updatedAt };
      }),
    async refresh() {
      stored = new Map((await listFlags(database)).map((flag) => [flag.name, flag]));
    },
  };
}

/** Looks again and again. While the database is away, what was known last holds. */
export function followFlags(flags: Flags, log: Logger): { stop(): Promise<void> } {
  let isStopped = false;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  let work = look();

  async function look(): Promise<void> {
    try {
      await flags.refresh();
      isTold = false;
    } catch (error) {
      if (!isTold) log.warn({ err: error }, 'the switches cannot be read; those that were known last hold');
      isTold = true;
    }
    if (isStopped) return;
    timer = setTimeout(() => {
      work = look();
    }, INTERVALS.flagsEveryMs);
  }
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await work;
    },
  };
}
