import type { RunRecords } from './run-records.ts';
import type { Unit } from './supervisor.ts';

/** Every child that runs at this moment, in memory and on disk: for an end at once, and for what outlives kill -9. */
export class LiveChildren {
  readonly #records: RunRecords;
  readonly #pids = new Map<string, number>();
  constructor(records: RunRecords) {
    this.#records = records;
  }

  spawned(name: string, pid: number): void {
    this.#pids.set(name, pid);
    this.#records.write(name, pid);
  }

  ended(name: string): void {
    this.#pids.delete(name);
    this.#records.remove(name);
  }

  /** The unit, whose children are forgotten when they end. Who starts them calls `spawned`. */
  watched(unit: Unit): Unit {
    return {
      name: unit.name,
      start: async (signal) => {
        try {
          const running = await unit.start(signal);
          running.exited.then(() => this.ended(unit.name)).catch(() => {});
          return running;
        } catch (error) {
          this.ended(unit.name);
          throw error;
        }
      },
    };
  }

  /** Each was spawned by us and not waited for yet, so none of these pids can mean another process. */
  killAll(): readonly { readonly name: string; readonly pid: number }[] {
    const killed = [...this.#pids].map(([name, pid]) => ({ name, pid }));
    for (const { name, pid } of killed) {
      kill(-pid);
      kill(pid);
      this.ended(name);
    }
    return killed;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}
