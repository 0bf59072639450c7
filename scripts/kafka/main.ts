/**
 * A Kafka with Dropgate's topics for whoever starts this as a child process (the bench does): tells its address, and is
 * gone when the parent is. `node scripts/kafka/main.ts FOLDER` keeps data and log in that folder.
 */
import { join } from 'node:path';
import { loadConfig } from '../../platform/config/load.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { startKafka } from '../servers/kafka.ts';
import { freePort } from '../servers/ports.ts';
import { makeTopics } from '../topics/make-topics.ts';

const partsDir = join(import.meta.dirname, '../../.dropgate/parts');
const stopping = new AbortController();
// Ctrl-C reaches the whole group of processes, but only the parent knows when Kafka is not needed any more.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => stopping.abort(new Error('asked to stop')));
process.on('disconnect', () => stopping.abort(new Error('the parent has gone')));

process.exit(await serve(process.argv[2]));

async function serve(folder: string | undefined): Promise<number> {
  if (folder === undefined || process.send === undefined) {
    process.stderr.write('To be started by another process with a channel: node scripts/kafka/main.ts FOLDER\n');
    return 2;
  }
  const { signal } = stopping;
  const [port, controllerPort] = [await freePort(), await freePort()];
  const kafka = await startKafka({
    partsDir,
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'kafka.log'),
    port,
    controllerPort,
    signal,
  });
  try {
    const config = loadConfig({ KAFKA_BROKERS: kafka.address }, [
      'KAFKA_BROKERS',
      'KAFKA_TOPIC_PREFIX',
      'KAFKA_PARTITIONS',
      'KAFKA_REPLICATION',
    ]);
    await makeTopics(config, createLogger({ name: 'kafka', level: 'error' }));
    if (process.connected) process.send({ t: 'ready', address: kafka.address });
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 0;
  } finally {
    await kafka.stop();
  }
}
