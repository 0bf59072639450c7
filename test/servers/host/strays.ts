import { readdir, readFile, readlink } from 'node:fs/promises';

export interface Stray {
  readonly pid: number;
  readonly command: string;
}

/**
 * Kills every process that works in a folder below this one, and says which: what a test file started itself and could
 * not stop, because it was killed or forgot. Only where there is a /proc.
 */
export async function killStrays(folder: string): Promise<readonly Stray[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const strays = await Promise.all(pids.map((pid) => findStray(pid, folder)));
  return strays.filter((stray) => stray !== undefined).filter(({ pid }) => killed(pid));
}

async function findStray(pid: number, folder: string): Promise<Stray | undefined> {
  // Whoever has ended meanwhile, or is another user's, is none of ours.
  const workingIn = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  if (!workingIn.startsWith(`${folder}/`)) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { pid, command: commandLine.replaceAll('\0', ' ').slice(0, 200) };
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
