import { systemClock } from '../../platform/clock.ts';
import { ConfigError, loadConfig } from '../../platform/config/load.ts';
import { connectKafka } from '../../platform/connections/kafka.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { commandEnvironment } from '../migrate/command-environment.ts';
import { list, replay, show } from './commands.ts';
import { HELP, type Options, readOptions } from './options.ts';

const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;
const VARIABLES = ['DATABASE_URL', 'KAFKA_BROKERS', 'KAFKA_TOPIC_PREFIX'] as const;

function optionsOrUndefined(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

async function run(options: Exclude<Options, { command: 'help' }>): Promise<number> {
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

const options = optionsOrUndefined();
if (options === undefined) process.exitCode = EXIT_BAD_USAGE;
else if (options.command === 'help') console.log(HELP);
else {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? EXIT_BAD_CONFIG : 1;
  }
}
