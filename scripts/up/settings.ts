import { resolve } from 'node:path';
import {
  type Config,
  ConfigError,
  type ConfigProblem,
  type Environment,
  loadConfig,
  loadRegionRedisUrls,
} from '../../platform/config/load.ts';
import { regionRedisVariable, type VariableName, variables } from '../../platform/config/variables.ts';
import type { ServerName } from '../servers/server.ts';
import { STAND_INS, type StandIn } from './stand-in.ts';

export type WholeConfig = Config<VariableName>;

export interface Settings {
  readonly config: WholeConfig;
  /** What is wrong with the variables; empty before anything may be started. */
  readonly problems: readonly ConfigProblem[];
  /** Where data, logs, secrets and records are; absolute. */
  readonly dataDir: string;
  /** The servers that nobody named a URL for, so that we run them. */
  readonly local: ReadonlySet<ServerName>;
  /** What stands in for a payment provider and a mail server that nobody named; none in production. */
  readonly standIns: ReadonlySet<StandIn>;
  /** The URLs that were set: by variable, never to be shown whole. */
  readonly external: readonly ExternalServer[];
}

export interface ExternalServer {
  readonly variable: string;
  readonly server: ServerName;
  /** URLs, or host:port for Kafka. One that can be reached is enough. */
  readonly addresses: readonly string[];
}

const URL_OF: Readonly<Record<ServerName, VariableName>> = {
  redis: 'REDIS_URL',
  kafka: 'KAFKA_BROKERS',
  postgres: 'DATABASE_URL',
};
export const SERVER_NAMES = ['redis', 'kafka', 'postgres'] as const;

/** Stands for a value that is made at start, so that everything else can be checked before anything is made. */
const MADE_AT_START = {
  AUTH_SECRET: 'made at start'.padEnd(64),
  PASS_SECRET: 'made at start'.padEnd(64),
  PAYMENT_API_KEY: 'made at start'.padEnd(64),
  PAYMENT_WEBHOOK_SECRET: 'made at start'.padEnd(64),
  DATABASE_URL: 'postgres://made-at-start',
};

/**
 * Reads every variable that any of our processes reads. Beside the problems there are settings in any case, made
 * without the variables that are wrong, so that everything else that keeps us from starting is found as well.
 */
export function readSettings(environment: Environment, root: string): Settings {
  const problems = distinct([...configProblems(environment), ...accountProblems(environment)]);
  const wrong = new Set(problems.map(({ variable }) => variable));
  const usable = Object.fromEntries(Object.entries(environment).filter(([name]) => !wrong.has(name)));
  const config = loadConfig({ ...MADE_AT_START, ...usable }, NAMES);
  const isSet = (variable: string) => environment[variable] !== undefined && environment[variable] !== '';
  return {
    config,
    problems,
    dataDir: resolve(root, config.DATA_DIR),
    local: new Set(SERVER_NAMES.filter((server) => !isSet(URL_OF[server]))),
    standIns: new Set(config.NODE_ENV === 'production' ? [] : STAND_INS.filter((variable) => !isSet(variable))),
    external: externalServers(usable, config).filter(({ variable }) => isSet(variable) && !wrong.has(variable)),
  };
}

const NAMES = Object.keys(variables).filter(isVariableName);

function configProblems(environment: Environment): readonly ConfigProblem[] {
  const regions = loadable(() => loadConfig({ REGIONS: environment.REGIONS }, ['REGIONS']).REGIONS) ?? [];
  return [
    ...problemsOf(() => loadConfig({ ...MADE_AT_START, ...environment }, NAMES)),
    // What is wrong with the shared URL is found above; here it would be found again for each region.
    ...problemsOf(() => loadRegionRedisUrls(environment, regions, 'redis://shared')),
  ];
}

/** A key that npm start made itself opens no account elsewhere. */
function accountProblems(environment: Environment): readonly ConfigProblem[] {
  const accounts = [
    ['PAYMENT_API_URL', 'PAYMENT_API_KEY', 'PAYMENT_WEBHOOK_SECRET'],
    ['PAYMENT_FALLBACK_API_URL', 'PAYMENT_FALLBACK_API_KEY', 'PAYMENT_FALLBACK_WEBHOOK_SECRET'],
  ] as const;
  const isSet = (variable: VariableName) => (environment[variable] ?? '') !== '';
  return accounts.flatMap(([address, ...secrets]) =>
    secrets
      .filter((secret) => isSet(address) && !isSet(secret))
      .map((variable) => ({
        variable,
        message: `${variable} is not set: ${address} is, and is of no use without it.`,
      })),
  );
}

function problemsOf(load: () => unknown): readonly ConfigProblem[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function loadable<T>(load: () => T): T | undefined {
  return problemsOf(load).length === 0 ? load() : undefined;
}

function externalServers(environment: Environment, config: WholeConfig): readonly ExternalServer[] {
  const ofRegions = config.REGIONS.map(regionRedisVariable).map((variable) => ({
    variable,
    server: 'redis' as const,
    addresses: [environment[variable] ?? ''],
  }));
  return [
    { variable: 'REDIS_URL', server: 'redis', addresses: [config.REDIS_URL] },
    ...ofRegions,
    { variable: 'KAFKA_BROKERS', server: 'kafka', addresses: config.KAFKA_BROKERS },
    { variable: 'DATABASE_URL', server: 'postgres', addresses: [config.DATABASE_URL] },
  ];
}

function distinct(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function isVariableName(name: string): name is VariableName {
  return name in variables;
}
