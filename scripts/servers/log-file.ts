import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A log that has grown beyond this is put aside as `<name>.1` at the next start: two files at most, never growth. */
const KEPT_LOG_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Opens a log to append to; the caller closes it once a child has inherited it. */
export async function openLog(path: string) {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  if (size > KEPT_LOG_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a');
}

/** The last lines of a log from a place in it on, or nothing when it cannot be read. */
export async function lastLines(path: string, count: number, sinceBytes = 0): Promise<readonly string[]> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(Math.max(size - sinceBytes, 0), TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      const lines = buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n');
      return lines.filter((line) => line.trim() !== '').slice(-count);
    } finally {
      await file.close();
    }
  } catch {
    return [];
  }
}
