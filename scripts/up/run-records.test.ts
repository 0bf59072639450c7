import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunRecords } from './run-records.ts';
import { stopEverything } from './stopping.ts';

let folder = '';
let records: RunRecords;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-records-'));
  records = new RunRecords(folder);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function child(script = 'process.stdin.resume(); console.log("here")'): Promise<ChildProcess & { pid: number }> {
  const spawned = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(spawned);
  await once(spawned.stdout, 'data');
  const { pid } = spawned;
  if (pid === undefined) throw new Error('no pid');
  return Object.assign(spawned, { pid });
}

describe('RunRecords', () => {
  it('finds a recorded process for as long as it runs', async () => {
    const edge = await child();
    records.write('edge', edge.pid);
    expect(records.alive()).toMatchObject([{ name: 'edge', pid: edge.pid }]);
    edge.kill('SIGKILL');
    await once(edge, 'exit');
    expect(records.alive()).toEqual([]);
  });

  it('never takes another process for the recorded one, though it has the same pid', async () => {
    const other = await child();
    records.write('edge', other.pid);
    const file = join(folder, 'run', 'edge.json');
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...Object(record), startTime: '1' }));
    expect(records.alive()).toEqual([]);
    await writeFile(file, JSON.stringify({ ...Object(record), bootId: 'an earlier boot' }));
    expect(records.alive()).toEqual([]);
  });

  it.each(['', '{', '[]', '{"name":"edge","pid":-1,"startTime":"1","bootId":"b"}'])('passes over %j', async (text) => {
    records.write('edge', process.pid);
    await writeFile(join(folder, 'run', 'edge.json'), text);
    expect(records.alive()).toEqual([]);
  });

  it('lets only one launcher run, and another take the place of one that was killed', async () => {
    const first = await child();
    expect(records.claim(first.pid)).toBeUndefined();
    expect(records.claim(process.pid)).toMatchObject({ pid: first.pid });
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(records.claim(process.pid)).toBeUndefined();
    expect(records.alive()).toMatchObject([{ name: 'launcher', pid: process.pid }]);
  });
});

describe('stopEverything', () => {
  const deadlines = { launcherDeadlineMs: 5_000, processDeadlineMs: 300 };
  const stop = async () => {
    const told: string[] = [];
    const { stopped } = await stopEverything({ records, ...deadlines, tell: (line) => told.push(line) });
    return { stopped, told };
  };

  it('ends what was left over and nothing else', async () => {
    const [edge, stranger] = [await child(), await child()];
    records.write('edge', edge.pid);
    const { stopped, told } = await stop();
    expect(stopped).toBe(1);
    expect(told).toEqual([`edge (process ${edge.pid}) was left over; asking it to stop.`]);
    expect(edge.signalCode ?? (await once(edge, 'exit'))[1]).toBe('SIGTERM');
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(records.alive()).toEqual([]);
  });

  it('does not wait for ever for one that will not stop', async () => {
    const deaf = await child('process.on("SIGTERM", () => {}); process.stdin.resume(); console.log("here")');
    records.write('workers', deaf.pid);
    const { told } = await stop();
    expect(told.at(-1)).toBe(`workers (process ${deaf.pid}) did not stop within 0.3 s; SIGKILL.`);
    expect(deaf.signalCode ?? (await once(deaf, 'exit'))[1]).toBe('SIGKILL');
  });

  it('says that nothing runs', async () => {
    expect(await stop()).toEqual({ stopped: 0, told: [] });
  });
});
