/** How long this disk takes to make a small write durable: what `appendfsync always` pays in each turn of Redis. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../report/statistics.ts';

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
