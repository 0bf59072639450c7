import { join } from 'node:path';
import type { Environment } from '../../platform/config/load.ts';
import { hasKafkaParts } from '../servers/kafka-parts.ts';
import type { ServerName } from '../servers/server.ts';
import type { LiveChildren } from './live-children.ts';
import { localServer, logFileOf, partsDir } from './local-servers.ts';
import { ourProcess } from './our-process.ts';
import { opsPort } from './port-claims.ts';
import { migrateDatabase, prepareTopics, seedDemoData } from './prepare.ts';
import { type ProcessEntry, processesOf } from './processes.ts';
import type { Progress } from './progress.ts';
import { renderReady } from './screen.ts';
import { ensureSecrets, localEnvFile, type Secrets, writeLocalEnv } from './secrets.ts';
import { SERVER_NAMES, type Settings } from './settings.ts';
import { standInVariables } from './stand-ins.ts';
import { GivenUpError, type Supervision, supervise, type Unit } from './supervisor.ts';
import { tellEvent } from './tell-event.ts';

export interface LaunchOptions {
  readonly root: string;
  readonly environment: Environment;
  readonly settings: Settings;
  readonly children: LiveChildren;
  readonly progress: Progress;
  /** Aborted by the first Ctrl-C. */
  readonly stopping: AbortSignal;
  /** Since the command was given. */
  elapsedSeconds(): number;
}

/** Starts everything, keeps it running, and stops it in order. Answers with the exit code. */
export async function launch(options: LaunchOptions): Promise<number> {
  const run = new Launch(options);
  const code = await run.untilItEnds();
  await run.stopAll();
  return code;
}

class Launch {
  readonly #options: LaunchOptions;
  readonly #servers: Supervision[] = [];
  readonly #processes: Supervision[] = [];
  readonly #addresses = new Map<ServerName, string>();
  readonly #givenUp = Promise.withResolvers<never>();

  constructor(options: LaunchOptions) {
    this.#options = options;
  }

  async untilItEnds(): Promise<number> {
    const { stopping, progress } = this.#options;
    const stopped = new Promise<void>((resolve) => {
      if (stopping.aborted) resolve();
      stopping.addEventListener('abort', () => resolve(), { once: true });
    });
    // Steps that are under way when it ends learn of it by their own signal or by the loss of their server.
    const work = this.#startAll();
    work.catch(() => {});
    try {
      await Promise.race([work, this.#givenUp.promise, stopped]);
      await Promise.race([this.#givenUp.promise, stopped]);
      return 0;
    } catch (error) {
      if (stopping.aborted) return 0;
      progress.close();
      progress.line(`\n${tellFailure(error)}\n`);
      return 1;
    }
  }

  /** Ours first, so that they can finish what they have begun with the servers still there. */
  async stopAll(): Promise<void> {
    const { progress } = this.#options;
    progress.close();
    if (this.#servers.length + this.#processes.length === 0) return;
    await Promise.all(this.#processes.map((one) => one.stop()));
    await Promise.all(this.#servers.map((one) => one.stop()));
    progress.line('Everything has stopped.');
  }

  async #startAll(): Promise<void> {
    const { settings, progress, root } = this.#options;
    const secrets = await ensureSecrets(settings.dataDir);
    const processes = processesOf(settings);
    const standIns = processes.filter(({ standsInFor }) => standsInFor !== undefined);
    const others = processes.filter(({ standsInFor }) => standsInFor === undefined);
    // Stand-ins need none of the servers: they are there before Kafka is.
    const alone = standIns.map((entry) => this.#startProcess(entry, this.#environmentOfOurs(secrets)));
    const withServers = this.#startServers(secrets).then((environment) => {
      this.#options.stopping.throwIfAborted();
      return Promise.all(others.map((entry) => this.#startProcess(entry, environment)));
    });
    await Promise.all([...alone, withServers]);
    progress.line(renderReady({ settings, root, seconds: this.#options.elapsedSeconds() }));
  }

  /** Answers with the environment of our processes, once everything that it names is there. */
  async #startServers(secrets: Secrets): Promise<Readonly<Record<string, string>>> {
    const { settings, progress } = this.#options;
    const ready = new Map<ServerName, Promise<void>>();
    for (const name of SERVER_NAMES) {
      ready.set(name, settings.local.has(name) ? this.#startServer(name, secrets) : Promise.resolve());
    }
    const databaseReady = Promise.resolve(ready.get('postgres')).then(() =>
      migrateDatabase(this.#effective(secrets).DATABASE_URL, progress.begin('database')),
    );
    // It needs no Kafka, which is the last to be there.
    const demoDataReady = Promise.all([databaseReady, ready.get('redis')]).then(() =>
      this.#seed(this.#environmentOfOurs(secrets)),
    );
    const topicsReady = Promise.resolve(ready.get('kafka')).then(() =>
      prepareTopics(settings.config, this.#effective(secrets).KAFKA_BROKERS.split(','), progress.begin('topics')),
    );
    await Promise.all([...ready.values(), databaseReady, topicsReady, demoDataReady]);
    await writeLocalEnv(localEnvFile(settings.dataDir), this.#effective(secrets));
    return this.#environmentOfOurs(secrets);
  }

  #startServer(name: ServerName, secrets: Secrets): Promise<void> {
    const { settings, children } = this.#options;
    const unit = localServer(name, {
      settings,
      postgresPassword: secrets.postgresPassword,
      onSpawn: (spawned, pid) => children.spawned(spawned, pid),
      onAddress: (of, address) => this.#addresses.set(of, address),
    });
    const ports = {
      redis: settings.config.LOCAL_REDIS_PORT,
      kafka: settings.config.LOCAL_KAFKA_PORT,
      postgres: settings.config.LOCAL_POSTGRES_PORT,
    };
    return this.#supervise(unit, `127.0.0.1:${ports[name]}`, this.#servers);
  }

  #startProcess(entry: ProcessEntry, environment: Readonly<Record<string, string>>): Promise<void> {
    const { settings, root, children } = this.#options;
    const { config, dataDir } = settings;
    const unit = ourProcess(entry, {
      root,
      config,
      environment,
      logFile: logFileOf(dataDir, entry.name),
      onSpawn: (pid) => children.spawned(entry.name, pid),
    });
    const own = entry.ports.map((variable) => `127.0.0.1:${config[variable]}`);
    const address = own.length === 0 ? `metrics 127.0.0.1:${opsPort(entry, config).port}` : own.join(' ');
    return this.#supervise(unit, address, this.#processes);
  }

  async #supervise(unit: Unit, address: string, list: Supervision[]): Promise<void> {
    const { progress, settings, children } = this.#options;
    const step = progress.begin(unit.name, await this.#firstNote(unit.name));
    const logFile = logFileOf(settings.dataDir, unit.name);
    const supervision = supervise(children.watched(unit), {
      onEvent: (event) => tellEvent({ name: unit.name, logFile, progress, step, address }, event),
    });
    list.push(supervision);
    supervision.ended.catch((error: unknown) => this.#givenUp.reject(error));
    await supervision.ready;
  }

  async #firstNote(name: string): Promise<string> {
    if (name !== 'kafka' || (await hasKafkaParts(partsDir(this.#options.settings.dataDir)))) return '';
    return 'fetching its jars (43 MB, once), then starting';
  }

  async #seed(environment: Readonly<Record<string, string>>): Promise<void> {
    const { settings, progress, root, children, stopping } = this.#options;
    if (settings.config.NODE_ENV === 'production') return;
    const logFile = logFileOf(settings.dataDir, 'seed');
    await seedDemoData({ root, environment, logFile, children, signal: stopping }, progress.begin('demo data'));
  }

  #environmentOfOurs(secrets: Secrets): Readonly<Record<string, string>> {
    const { environment } = this.#options;
    const { dataDir } = this.#options.settings;
    return {
      ...{ OBJECTS_DIR: join(dataDir, 'objects'), ...onlyText(environment) },
      ...{ EDGE_PUBLIC_URL: this.#edgePublicUrl(), ...this.#effective(secrets) },
    };
  }

  #effective(secrets: Secrets) {
    const { config, local } = this.#options.settings;
    const { environment } = this.#options;
    const of = (name: ServerName, external: string) => (local.has(name) ? (this.#addresses.get(name) ?? '') : external);
    return {
      ...standInVariables(this.#options.settings, environment),
      REDIS_URL: of('redis', config.REDIS_URL),
      KAFKA_BROKERS: of('kafka', config.KAFKA_BROKERS.join(',')),
      DATABASE_URL: of('postgres', config.DATABASE_URL),
      AUTH_SECRET: environment.AUTH_SECRET ?? secrets.authSecret,
      PASS_SECRET: environment.PASS_SECRET ?? secrets.passSecret,
      PAYMENT_API_KEY: environment.PAYMENT_API_KEY ?? secrets.paymentApiKey,
      PAYMENT_WEBHOOK_SECRET: environment.PAYMENT_WEBHOOK_SECRET ?? secrets.paymentWebhookSecret,
      CARRIER_SECRET: environment.CARRIER_SECRET ?? secrets.carrierSecret,
      OUTGOING_SECRET: environment.OUTGOING_SECRET ?? secrets.outgoingSecret,
      VAPID_PRIVATE_KEY: environment.VAPID_PRIVATE_KEY ?? secrets.vapidPrivateKey,
      STORE_PUBLIC_URL: environment.STORE_PUBLIC_URL ?? `http://127.0.0.1:${config.STORE_PORT}`,
    };
  }

  #edgePublicUrl(): string {
    const { environment, settings } = this.#options;
    return environment.EDGE_PUBLIC_URL ?? `ws://127.0.0.1:${settings.config.EDGE_PORT}`;
  }
}

function onlyText(environment: Environment): Readonly<Record<string, string>> {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) set[name] = value;
  return set;
}

function tellFailure(error: unknown): string {
  if (error instanceof GivenUpError) return `${error.message}\nStopping everything.`;
  return `Starting failed: ${error instanceof Error ? error.message : String(error)}\nStopping everything.`;
}
