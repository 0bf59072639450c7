/** How long this disk takes to make a small write durable: what `appendfsync always` pays in each turn of Redis. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../report/statistics.ts';

/** As on many disks of clouds: figures are told for such a one as well. */
export const CLOUD_FSYNC_MS = 2;
const WRITES = 400;
/** About what a few batches of claims add to the log. */
const WRITE_BYTES = 64 * 1_024;

export async function measureFsyncMs(folder: string): Promise<number> {
  const file = join(folder, 'fsync-probe');
  const handle = await open(file, 'w');
  const block = Buffer.alloc(WRITE_BYTES, 'x');
  const took: number[] = [];
  try {
    for (let at = 0; at < WRITES; at += 1) {
      await handle.write(block);
      const from = performance.now();
      await handle.datasync();
      took.push(performance.now() - from);
    }
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
  return median(took);
}

/** What a server has to wait before each flush, in microseconds, until an fsync takes as long as in a cloud. */
export function slowerDiskUs(fsyncMs: number): number {
  return Math.max(0, Math.round((CLOUD_FSYNC_MS - fsyncMs) * US_PER_MS));
}

const US_PER_MS = 1_000;
