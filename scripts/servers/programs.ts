import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where administrators' tools are, which the PATH of a normal user often leaves out. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/** The first of these programs that the PATH, or a system folder, has. */
export async function findProgram(names: readonly string[], searchPath: string): Promise<string | undefined> {
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), ...SYSTEM_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (await isRunnable(file)) return file;
    }
  }
  return undefined;
}

async function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
