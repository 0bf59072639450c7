/** What a process has in memory now, from /proc. */
import { readFile } from 'node:fs/promises';

const RSS = /^VmRSS:\s+(?<kib>\d+) kB$/m;

export async function residentBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(RSS.exec(status)?.groups?.['kib'] ?? 0) * 1_024;
}
