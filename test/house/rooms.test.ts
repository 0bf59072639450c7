/** The check of the rooms itself: it lets through what docs/ARCHITECTURE.md allows and nothing else. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

const allowed = {
  'contracts/ids.ts': 'export const id = 1;',
  'contracts/ids.test.ts':
    "import { id } from './ids.ts';\nimport { clock } from '../test/clock.ts';\nexport { clock, id };",
  'test/clock.ts': 'export const clock = 1;',
  'platform/connections/kafka.ts':
    "import kafka from 'kafkajs';\nimport { id } from '../../contracts/ids.ts';\nexport { id, kafka };",
  'db/orders.ts': "import pg from 'pg';\nexport const orders = pg;",
  'reservation-core/stock.ts': "import { id } from '../contracts/ids.ts';\nexport const stock = id;",
  'edge/main.ts': "import { stock } from '../reservation-core/stock.ts';\nexport { stock };",
  'queue-workers/main.ts': "import { orders } from '../db/orders.ts';\nexport { orders };",
  'store-api/main.ts':
    "import fastify from 'fastify';\nimport { orders } from '../db/orders.ts';\nexport { fastify, orders };",
  'store-api/main.test.ts': "import { test } from 'vitest';\nimport './main.ts';\nexport { test };",
};

/** Each breaks one rule: file → [its text, the rule]. */
const forbidden: Readonly<Record<string, readonly [string, string]>> = {
  'edge/to-db.ts': ["import '../db/orders.ts';", 'edge-imports-only-its-neighbours'],
  'edge/type-of-db.ts': [
    "import type { orders } from '../db/orders.ts';\nexport type Orders = typeof orders;",
    'edge-imports-only-its-neighbours',
  ],
  'edge/late-to-db.ts': ["export const load = () => import('../db/orders.ts');", 'edge-imports-only-its-neighbours'],
  'edge/to-workers.ts': ["import '../queue-workers/main.ts';", 'edge-imports-only-its-neighbours'],
  'edge/to-workers.test.ts': ["import '../queue-workers/main.ts';", 'edge-tests-import-only-its-neighbours-and-test'],
  'queue-workers/to-store.ts': ["import '../store-api/main.ts';", 'queue-workers-imports-only-its-neighbours'],
  'store-api/to-edge.ts': ["import '../edge/main.ts';", 'store-api-imports-only-its-neighbours'],
  'commerce/to-db.ts': ["import '../db/orders.ts';", 'commerce-imports-only-its-neighbours'],
  'contracts/up.ts': ["import '../platform/connections/kafka.ts';", 'contracts-imports-only-its-neighbours'],
  'platform/to-test.ts': ["import '../test/clock.ts';", 'platform-imports-only-its-neighbours'],
  'web/to-platform.ts': ["import '../platform/connections/kafka.ts';", 'web-imports-only-its-neighbours'],
  'bench/to-db.ts': ["import '../db/orders.ts';", 'bench-imports-only-its-neighbours'],
  'queue-workers/own-kafka.ts': ["import 'kafkajs';", 'kafkajs-is-kept-behind-its-own-files'],
  'store-api/own-pg.ts': ["import 'pg';", 'pg-is-kept-behind-its-own-files'],
  'edge/own-fastify.ts': ["import 'fastify';", 'fastify|@fastify-is-kept-behind-its-own-files'],
  'commerce/with-a-tool.ts': ["import 'vitest';", 'tools-of-development-stay-in-development'],
  'commerce/undeclared.ts': ["import 'left-pad';", 'only-declared-packages'],
  'commerce/nowhere.ts': ["import './gone.ts';", 'resolvable'],
  'misc/homeless.ts': ["import '../contracts/ids.ts';", 'every-file-has-a-room'],
  'platform/circle-a.ts': ["import './circle-b.ts';", 'no-circles'],
};

/** Its circle is reported once, at the first of its files. */
const otherHalf = { 'platform/circle-b.ts': "import './circle-a.ts';" };

const packages = {
  type: 'module',
  dependencies: { fastify: '1.0.0', kafkajs: '1.0.0', pg: '1.0.0' },
  devDependencies: { vitest: '1.0.0' },
};

interface Finding {
  readonly from: string;
  readonly rule: string;
}

async function plant(tree: string, files: Readonly<Record<string, string>>): Promise<void> {
  const modules = ['fastify', 'kafkajs', 'pg', 'vitest', 'left-pad'].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', exports: './index.js' })] as const,
    [`node_modules/${name}/index.js`, 'export default 1;'] as const,
  ]);
  const all = [...Object.entries(files), ...modules, ['package.json', JSON.stringify(packages)] as const];
  for (const [path, text] of all) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), `${text}\n`);
  }
  await copyFile(join(root, '.dependency-cruiser.mjs'), join(tree, '.dependency-cruiser.mjs'));
}

function cruise(tree: string): Promise<readonly Finding[]> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '.'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 }, (_failure, stdout, stderr) => {
      // The JSON report is there whatever the exit code; without it, what went wrong is on the error output.
      if (stdout === '') return reject(new Error(stderr));
      const report: { summary: { violations: { from: string; rule: { name: string } }[] } } = JSON.parse(stdout);
      return resolve(report.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name })));
    });
  });
}

describe('the check of the rooms', () => {
  let tree = '';
  let findings: readonly Finding[] = [];
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'dropgate-rooms-'));
    const texts = Object.entries(forbidden).map(([path, [text]]) => [path, text] as const);
    await plant(tree, { ...allowed, ...otherHalf, ...Object.fromEntries(texts) });
    findings = await cruise(tree);
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(Object.keys(allowed))('lets %s through', (path) => {
    expect(findings.filter((finding) => finding.from === path)).toEqual([]);
  });

  it.each(Object.entries(forbidden))('stops %s', (path, [, rule]) => {
    expect(findings.filter((finding) => finding.from === path).map((finding) => finding.rule)).toContain(rule);
  });
});
