import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startKafka } from './kafka.ts';
import { freePort, whoListens } from './ports.ts';
import type { LocalServer } from './server.ts';

let folder = '';
const running: LocalServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-kafka-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(port: number, controllerPort: number): Promise<LocalServer> {
  const server = await startKafka({
    partsDir: '.dropgate/parts',
    dataDir: join(folder, 'data'),
    port,
    controllerPort,
    logFile: join(folder, 'kafka.log'),
  });
  running.push(server);
  return server;
}

async function withAdmin<T>(broker: string, use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

describe('startKafka', () => {
  it('serves at once when it says so, keeps its topics through kill -9, and stops', { timeout: 180_000 }, async () => {
    const [port, controllerPort] = [await freePort(), await freePort()];
    const first = await start(port, controllerPort);
    await withAdmin(first.address, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }] }));

    process.kill(first.pid, 'SIGKILL');
    await first.exited;

    const second = await start(port, controllerPort);
    expect(await withAdmin(second.address, (admin) => admin.listTopics())).toContain('kept');
    await second.stop();
    // The JVM ends by the signal it was asked with.
    expect(await second.exited).toEqual({ code: 143, signal: null });
    expect(await whoListens(port)).toBeUndefined();
  });
});
