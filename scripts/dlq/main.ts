import { systemClock } from '../../platform/clock.ts';
import { loadConfig } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { exitCodeOf } from '../command-line/exit-code.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { list, replay, show } from './commands.ts';
import { HELP, type Options, readOptions } from './options.ts';

const VARIABLES = ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const;

type Work = Exclude<Options, { command: 'help' }>;

function readWork(): Work | 'help' {
  const options = readOptions(process.argv.slice(2));
  return options.command === 'help' ? 'help' : options;
}

async function run(options: Work): Promise<number> {
  const config = loadConfig(await commandEnvironment(process.env), VARIABLES);
  const log = createLogger({ name: 'dlq', level: 'silent' });
  const database = connectPostgres({ url: config.DATABASE_URL, max: 2, name: 'dlq', log });
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'dlq', log });
  const parts = { database, kafka, topicPrefix: config.KAFKA_TOPIC_PREFIX };
  const tell = (line: string): void => console.log(line);
  try {
    switch (options.command) {
      case 'list':
        return await list(parts, { ...options, nowMs: systemClock.now() }, tell);
      case 'show':
        return await show(parts, options, tell);
      case 'replay':
        return await replay({ ...parts, publisher: () => kafka.createPublisher() }, options, tell);
    }
  } finally {
    await Promise.all([database.end(), kafka.close()]);
  }
}

process.exitCode = await exitCodeOf({ help: HELP, read: readWork, run });
