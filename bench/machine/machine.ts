import { execFile } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memGiB: number;
  readonly node: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

/** `-dirty` when files differ from the commit: such a figure cannot be had again from the commit alone. */
export async function currentCommit(folder: string): Promise<string> {
  try {
    const git = promisify(execFile);
    const args = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return (await git('git', args, { cwd: folder })).stdout.trim();
  } catch {
    return 'unknown';
  }
}
