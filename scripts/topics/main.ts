/** Brings Kafka to the state of this code, as scripts/migrate does with the database. npm start does it by itself. */
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { makeTopics } from './make-topics.ts';

const EXIT_BAD_CONFIG = 78;

if (process.argv.includes('--help')) {
  console.log('node scripts/topics/main.ts   makes the topics that KAFKA_BROKERS does not have yet; safe to run again');
} else {
  try {
    const names = [
      'KAFKA_BROKERS',
      'KAFKA_TOPIC_PREFIX',
      'KAFKA_PARTITIONS',
      'KAFKA_REPLICATION',
      'LOG_LEVEL',
    ] as const;
    const config = loadConfig(process.env, names);
    const { created, all } = await makeTopics(config, createLogger({ name: 'topics', level: config.LOG_LEVEL }));
    console.log(created.length === 0 ? `All ${all} topics are there.` : `Made ${created.length} of ${all} topics.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? EXIT_BAD_CONFIG : 1;
  }
}
