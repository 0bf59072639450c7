/** Objects as files of one folder. Several processes may share it; several machines need a store that speaks S3. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { PlatformError } from '../errors.ts';
import { checkKey, type ObjectStore } from './objects.ts';

/** Begins what is being written. No name of an object begins with a dot. */
const UNFINISHED = '.writing-';
/** Nobody writes one object for so long: it was left by a process that died. */
const ABANDONED_MS = 3_600_000;

export function openObjectFolder(folder: string): ObjectStore {
  const root = resolve(folder);

  function fileOf(key: string): string {
    const file = join(root, checkKey(key));
    // The form of a name already sees to it; a change of that form shall not open the disk.
    if (!file.startsWith(root + sep)) throw new PlatformError('BAD_OBJECT_KEY', 'outside', { retryable: false });
    return file;
  }

  return {
    async put(key, bytes) {
      const file = fileOf(key);
      await mkdir(dirname(file), { recursive: true, mode: 0o750 });
      const writing = join(root, `${UNFINISHED}${randomUUID()}`);
      try {
        const handle = await open(writing, 'wx', 0o640);
        try {
          await handle.writeFile(bytes);
          // Before it has its name: what a database says is there has to be there after a power cut as well.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(writing, file);
      } catch (error) {
        await rm(writing, { force: true });
        throw error;
      }
    },
    async get(key) {
      const handle = await present(open(fileOf(key), 'r'));
      if (handle === undefined) return undefined;
      try {
        const facts = await handle.stat();
        if (facts.isFile()) return { bytes: facts.size, body: handle.createReadStream() };
      } catch (error) {
        await handle.close();
        throw error;
      }
      await handle.close();
      return undefined;
    },
    async head(key) {
      const facts = await present(stat(fileOf(key)));
      return facts?.isFile() === true ? { bytes: facts.size } : undefined;
    },
    async remove(key) {
      await rm(fileOf(key), { force: true });
    },
    async check() {
      await mkdir(root, { recursive: true, mode: 0o750 });
    },
    async tidy(nowMs) {
      const names = (await present(readdir(root))) ?? [];
      for (const name of names.filter((one) => one.startsWith(UNFINISHED))) {
        const file = join(root, name);
        const facts = await present(stat(file));
        if (facts !== undefined && nowMs - facts.mtimeMs > ABANDONED_MS) await rm(file, { force: true });
      }
    },
  };
}

/** Undefined for what is not there, or lies below something that is a file. */
async function present<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
