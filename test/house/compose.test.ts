/** docker-compose.yml against the list of variables, the launcher's list of processes, and rules for every service. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAYMENT_VARIABLES } from '../../commerce/payments/providers.ts';
import { loadConfig } from '../../platform/config/load.ts';
import { type Variable, type VariableName, variables } from '../../platform/config/variables.ts';
import { OBJECTS_VARIABLES } from '../../platform/objects/open-objects.ts';
import { composeOnly } from '../../scripts/env-example/render.ts';
import { PROCESSES } from '../../scripts/up/processes.ts';
import { STAND_INS } from '../../scripts/up/stand-in.ts';
import { commandOf, entryOf, fillIn, readComposeFile, references, type Service } from './compose-file.ts';

const root = join(import.meta.dirname, '../..');
const text = await readFile(join(root, 'docker-compose.yml'), 'utf8');
const file = readComposeFile(text);
const services = Object.entries(file.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const parts = services.filter(([, service]) => service.build === undefined);
const catalogue: Readonly<Record<string, Variable<unknown>>> = variables;

/** What somebody has to write into .env before the first start, and nothing else. */
const given = {
  AUTH_SECRET: 'a'.repeat(64),
  PASS_SECRET: 'b'.repeat(64),
  POSTGRES_PASSWORD: 'c'.repeat(32),
  PAYMENT_API_URL: 'https://api.stripe.com',
  PAYMENT_API_KEY: 'd'.repeat(32),
  PAYMENT_WEBHOOK_SECRET: 'e'.repeat(32),
  SMTP_URL: 'smtps://user:password@mail.example',
};

function environmentOf(service: Service, outer: Readonly<Record<string, string>> = given): Record<string, string> {
  const entries = Object.entries(service.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, fillIn(value, outer)]));
}

/** This file is for production: a gateway stands in only where its profile is asked for, and no mailbox is in the image. */
const PROCESSES_OF_COMPOSE = PROCESSES.filter(({ name }) => name !== 'mailbox');

const isVariable = (name: string): name is VariableName => Object.hasOwn(variables, name);
/** What platform/service.ts reads for everyone, what workers by themselves read, and what only npm start has a use for. */
const ofEveryProcess =
  /^(NODE_ENV|LOG_LEVEL|OPS_HOST|OPS_PORT|SHUTDOWN_TIMEOUT_MS|TRACES_URL|TRACES_ONE_IN|WORKER_NICENESS|DATA_DIR|LOCAL_.*)$/;
const isPreparation = (name: string) => ['migrate', 'topics'].includes(name);

describe('every variable that is filled in', () => {
  const all = references(text.replace(/^ *#.*$/gm, ''));

  it.each(all)('$name is known, with the default it has everywhere', ({ name, fallback }) => {
    if (Object.hasOwn(composeOnly, name)) return expect(fallback).toBeUndefined();
    expect(Object.keys(catalogue)).toContain(name);
    // The default of these is what npm start runs in their place, which does not run in production.
    const isStoodInFor = STAND_INS.some((variable) => variable === name);
    expect(fallback).toBe(isStoodInFor ? undefined : catalogue[name]?.fallback);
  });

  it('has to be given where it is secret or stood in for in development, and only there', () => {
    const required = new Set(all.filter(({ fallback }) => fallback === undefined).map(({ name }) => name));
    expect([...required].sort()).toEqual(Object.keys(given).sort());
  });

  it('holds no secret of its own', () => {
    const passwords = [...text.matchAll(/^ *[A-Z_]*(?:SECRET|PASSWORD|TOKEN|KEY)[A-Z_]*: *(?<value>.*)/gm)];
    expect(passwords.length).toBeGreaterThan(0);
    for (const { groups } of passwords) expect(groups?.value).toMatch(/^\$\{[A-Z_]+:(?:\?|-\}$)/);
    expect(text).not.toMatch(/:\/\/[^\s$@/]+:(?!\$\{)[^\s@/]+@/);
  });
});

describe.each(ours)('%s', (name, service) => {
  const environment = environmentOf(service);

  it('sets only variables that exist, each to a value that its process accepts', () => {
    const names = Object.keys(environment).filter(isVariable);
    expect(names).toEqual(Object.keys(environment));
    expect(() => loadConfig(environment, names)).not.toThrow();
  });

  it('gives what the code asks for and nothing else, least of all a secret', async () => {
    const asked = await namedIn(join(root, entryOf(service), '..'));
    const own = Object.keys(environment).filter((variable) => !ofEveryProcess.test(variable));
    expect(own.sort()).toEqual([...asked].filter((variable) => !ofEveryProcess.test(variable)).sort());
  });

  it('waits for the servers that it is given the addresses of', () => {
    const hosts = ['redis', 'kafka', 'postgres'].filter((host) =>
      Object.values(environment).some((value) => new RegExp(`(^|//|@)${host}:\\d`).test(value)),
    );
    const waitsFor = Object.entries(service.depends_on ?? {});
    const healthy = waitsFor.filter(([, { condition }]) => condition === 'service_healthy');
    expect(healthy.map(([other]) => other).sort()).toEqual(hosts.sort());
  });

  it('waits until what it is given is prepared', () => {
    const waitsFor = Object.entries(service.depends_on ?? {});
    const ended = waitsFor.filter(([, { condition }]) => condition === 'service_completed_successfully');
    const prepares = { migrate: 'DATABASE_URL', topics: 'KAFKA_BROKERS' };
    const expected = Object.entries(prepares).filter(([, variable]) => environment[variable] !== undefined);
    expect(ended.map(([other]) => other)).toEqual(isPreparation(name) ? [] : expected.map(([other]) => other));
  });

  it('runs with as few rights as it needs', () => {
    expect(service).toMatchObject({
      init: true,
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('has time to end itself', () => {
    const graceMs = 1000 * Number.parseInt(service.stop_grace_period, 10);
    expect(graceMs).toBeGreaterThan(loadConfig(environment, ['SHUTDOWN_TIMEOUT_MS']).SHUTDOWN_TIMEOUT_MS);
  });
});

describe('the processes', () => {
  it('are all of production, but for the gateway, which nobody gets unasked', () => {
    const inDevelopment = ours.filter(([, service]) => environmentOf(service).NODE_ENV !== 'production');
    expect(inDevelopment.map(([name]) => name)).toEqual(['gateway']);
    const byProfile = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(byProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([['gateway', ['gateway']]]);
  });

  it('are those of npm start, and what prepares for them', () => {
    const expected = PROCESSES_OF_COMPOSE.map(({ name, nodeOptions = [], entry }) => [name, [...nodeOptions, entry]]);
    const preparations = ['migrate', 'topics'].map((name) => [name, [`scripts/${name}/main.ts`]]);
    expect(ours.map(([name, service]) => [name, commandOf(service)])).toEqual([...preparations, ...expected]);
  });

  it.each(PROCESSES_OF_COMPOSE)('$name is asked whether it is ready on its own ops port', ({ name }) => {
    const service = file.services[name];
    const check = service?.healthcheck;
    const port = service?.environment?.OPS_PORT;
    expect(check !== undefined && 'test' in check ? check.test.join(' ') : '').toContain(
      `http://127.0.0.1:${port}/ready`,
    );
  });

  it.each(PROCESSES_OF_COMPOSE)(
    '$name can be reached on its ports from this machine, and from nowhere else',
    ({ name, ports }) => {
      const service = file.services[name];
      const inside = ports.map((port) => service?.environment?.[port]);
      const published = ports.map(
        (port, index) => `127.0.0.1:\${${port}:-${catalogue[port]?.fallback}}:${inside[index]}`,
      );
      expect(service?.ports ?? []).toEqual(published);
    },
  );
});

describe.each(parts)('%s', (name, service) => {
  it('is reached by our processes only, under the port that they are told', () => {
    expect(service.ports).toBeUndefined();
    const standard = { redis: 6379, kafka: 9092, postgres: 5432 }[name];
    const told = ours
      .flatMap(([, our]) => Object.values(environmentOf(our)))
      .filter((value) => value.includes(`${name}:`));
    expect(told.length).toBeGreaterThan(0);
    for (const address of told) expect(address).toContain(`${name}:${standard}`);
  });

  it('keeps its data in a volume and is asked for its health', () => {
    const volumes = (service.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(volumes).toEqual([`${name}-data`]);
    expect(Object.keys(file.volumes)).toContain(`${name}-data`);
    expect(service.healthcheck).toHaveProperty('test');
  });

  it('is of a fixed version', () => {
    expect(service.image).toMatch(/:\d/);
  });
});

describe('the parts are set up as the local ones', () => {
  it('Redis keeps every write and drops nothing', () => {
    expect(file.services.redis?.command).toContain('--appendonly yes --appendfsync always');
    expect(file.services.redis?.command).toContain('--maxmemory-policy noeviction');
  });

  it('Kafka advertises the address that our processes are told', () => {
    const kafka = file.services.kafka?.environment ?? {};
    expect(kafka.KAFKA_ADVERTISED_LISTENERS).toBe('PLAINTEXT://kafka:9092');
    expect(kafka.KAFKA_LOG_DIRS).toBe('/var/lib/kafka/data');
    expect(file.services.kafka?.volumes).toEqual(['kafka-data:/var/lib/kafka/data']);
  });

  it('PostgreSQL is given the user, database and password that our processes come with', () => {
    const { POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD } = environmentOf(file.services.postgres ?? failMissing());
    const url = environmentOf(file.services.store ?? failMissing()).DATABASE_URL;
    expect(url).toBe(`postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`);
  });
});

function failMissing(): never {
  throw new Error('a service is missing');
}

/** The variables that the code below a folder names, its tests left out. */
async function namedIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path));
  const texts = await Promise.all(files.map((path) => readFile(join(folder, path), 'utf8')));
  const named = (source: string): readonly string[] => [
    ...Object.keys(catalogue).filter((name) => source.includes(`'${name}'`)),
    ...(source.includes('...PAYMENT_VARIABLES') ? PAYMENT_VARIABLES : []),
    ...(source.includes('...OBJECTS_VARIABLES') ? OBJECTS_VARIABLES : []),
  ];
  return [...new Set(texts.flatMap(named))];
}
