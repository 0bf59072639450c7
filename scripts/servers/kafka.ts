import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ChildStartError } from './child-start-error.ts';
import { exchange } from './exchange.ts';
import { fetchKafkaParts } from './kafka-parts.ts';
import { type LocalServer, type StartOptions, startServer } from './server.ts';

export interface KafkaOptions extends StartOptions {
  /** Where Kafka's jars are kept; fetched into it once and reused. */
  readonly partsDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly logFile: string;
  /** Options of Java beside ours. */
  readonly jvm?: readonly string[];
}

/**
 * Measured from spawn to metadata on two cores: 2.4 s as it comes, 2.0 s with the serial collector. The first compiler
 * alone (-XX:TieredStopAtLevel=1) would save another 0.3 s, but costs throughput for as long as the broker runs.
 */
const JVM = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-Djava.awt.headless=true', '-Dfile.encoding=UTF-8'];
const FORMAT_DEADLINE_MS = 60_000;

export async function startKafka(options: KafkaOptions): Promise<LocalServer> {
  const jars = await fetchKafkaParts(options.partsDir, options.signal);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const settings = join(dataDir, 'server.properties');
  const logging = join(dataDir, 'log4j2.properties');
  await writeFile(settings, serverProperties(options, join(dataDir, 'log')));
  await writeFile(logging, LOGGING);
  const java = [...JVM, ...(options.jvm ?? []), `-Dlog4j2.configurationFile=${logging}`, '-cp', join(jars, '*')];
  await format({ java, dataDir, settings, signal: options.signal });
  return startServer({
    ...options,
    name: 'kafka',
    port: options.port,
    address: `127.0.0.1:${options.port}`,
    programs: ['java'],
    args: [...java, 'kafka.Kafka', settings],
    cwd: dataDir,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 20_000,
    readyDeadlineMs: 60_000,
    answers: (signal) => askForBrokers(options.port, signal),
  });
}

function serverProperties(options: KafkaOptions, logDir: string): string {
  const client = `PLAINTEXT://127.0.0.1:${options.port}`;
  const controller = `127.0.0.1:${options.controllerPort}`;
  const settings: Readonly<Record<string, string | number | boolean>> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: `${client},CONTROLLER://${controller}`,
    'advertised.listeners': client,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Topics are made with their partitions at start; one made by a typing error would have the wrong number.
    'auto.create.topics.enable': false,
    // After kill -9 the broker is let in again only when its former session has run out: 10 s with the default of 9 s.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const LOGGING = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %-5p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
`;

interface Format {
  readonly java: readonly string[];
  readonly dataDir: string;
  readonly settings: string;
  readonly signal: AbortSignal | undefined;
}

/** Once for each data folder. The marker is written after it, so a format that was killed in the middle is repeated. */
async function format({ java, dataDir, settings, signal }: Format): Promise<void> {
  const marker = join(dataDir, 'formatted');
  const done = await access(marker).then(
    () => true,
    () => false,
  );
  if (done) return;
  await rm(join(dataDir, 'log'), { recursive: true, force: true });
  const clusterId = randomBytes(16).toString('base64url');
  const args = [
    ...java,
    '-XX:TieredStopAtLevel=1',
    'kafka.tools.StorageTool',
    'format',
    // In one word: an id may begin with a dash, which would read as an option.
    `--cluster-id=${clusterId}`,
    '-c',
    settings,
  ];
  try {
    await promisify(execFile)('java', args, { cwd: dataDir, timeout: FORMAT_DEADLINE_MS, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') throw new ChildStartError('kafka', 'java (17 or newer) is not installed.', { cause });
    throw new ChildStartError('kafka', `its data folder could not be formatted: ${String(cause)}`, { cause });
  }
  await writeFile(marker, `${clusterId}\n`);
}

/**
 * A Metadata request (version 1) that names no topic. The port opens before the broker is unfenced; one that serves names
 * itself among the brokers.
 */
async function askForBrokers(port: number, signal: AbortSignal): Promise<void> {
  const body = Buffer.alloc(15);
  body.writeInt16BE(3, 0); // Metadata
  body.writeInt16BE(1, 2); // version
  body.writeInt32BE(1, 4); // correlation id
  body.writeInt16BE(1, 8); // client id "?"
  body.write('?', 10, 'latin1');
  body.writeInt32BE(0, 11); // no topics: version 1 takes an empty list for none, null for all
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  const answer = await exchange(port, Buffer.concat([length, body]), isWholeFrame, signal);
  const brokers = answer.readInt32BE(8);
  if (brokers < 1) throw new Error('the broker serves no metadata yet');
}

const isWholeFrame = (bytes: Buffer) => bytes.length >= 12 && bytes.length >= 4 + bytes.readInt32BE(0);
