/** The command as a user runs it, and what it learns from. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HARMLESS } from '../../commerce/fraud/table.ts';
import { formatUuidV7 } from '../../contracts/ids.ts';
import { findActiveModel, listModels } from '../../db/queries/fraud/models.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { type Options, runEvaluate, runStatus, runTrain } from './commands.ts';
import { readHistory } from './history.ts';
import { isBetter, isUseful } from './training.ts';

const database = useDatabase();
const DAY_MS = 24 * 3_600_000;

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const program = join(import.meta.dirname, 'main.ts');
    const options = { env: { ...process.env, DATABASE_URL: database.url, NODE_ENV: 'test', ...env } };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

interface Placed {
  readonly agoMs?: number;
  readonly status?: string;
  readonly userStatus?: string;
  readonly review?: readonly [decision: 'approved' | 'rejected', by: string];
  readonly facts?: object;
}

async function placed({ agoMs = 2 * DAY_MS, status = 'PENDING', userStatus = 'active', ...given }: Placed) {
  const { pool } = database;
  const at = new Date(Date.now() - agoMs);
  const id = formatUuidV7(at.getTime(), crypto.getRandomValues(new Uint8Array(10)));
  const shopper = newId();
  await pool.query(`insert into users (id, email, status, created_at) values ($1, $2, $3::user_status, $4)`, [
    shopper,
    `${shopper}@mailinator.com`,
    userStatus,
    new Date(at.getTime() - DAY_MS),
  ]);
  await pool.query(
    `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
     values ($1, 'store', $2, 'EUR', 900, 900, $3)`,
    [id, shopper, at],
  );
  if (status !== 'PENDING') await pool.query('update orders set status = $2::order_status where id = $1', [id, status]);
  if (given.review !== undefined) {
    await pool.query(
      `insert into order_reviews (order_id, score, signals, facts, decision, decided_by, decided_at)
       values ($1, 50, '[]', $2, $3::review_decision, $4, now())`,
      [id, given.facts === undefined ? null : JSON.stringify(given.facts), ...given.review],
    );
  }
  return { id, atMs: at.getTime() };
}

describe('what is learnt from', () => {
  it('is what people found out, and what nobody complained about; never what the score alone decided', async () => {
    const kept = { ...HARMLESS, units: 9 };
    await placed({ status: 'CANCELLED', review: ['rejected', 'support 1'], facts: kept });
    await placed({ status: 'CANCELLED', review: ['rejected', 'orders'] });
    await placed({ review: ['approved', 'admin 1'], facts: { broken: true } });
    await placed({ status: 'CONFIRMED', agoMs: 40 * DAY_MS });
    await placed({ status: 'CONFIRMED' });
    await placed({ status: 'CONFIRMED', userStatus: 'blocked' });
    await placed({});
    const samples = await readHistory(database.pool, Date.now());
    expect(samples.map(({ isFraud }) => isFraud)).toEqual([false, true, false, true]);
    const [old, rejected, approved] = samples;
    // As they were kept, and where nothing readable was, as they are found.
    expect(rejected?.facts).toEqual(kept);
    expect(approved?.facts).toMatchObject({ disposableMail: true, isGuest: false, accountsOnDevice: null, units: 1 });
    expect(Math.round((old?.facts.accountAgeMs ?? 0) / DAY_MS)).toBe(1);
    expect(old?.facts).toMatchObject({
      ordersWithinHour: 1,
      failedPayments: 0,
      earlierOrders: 0,
      addressesDiffer: null,
    });
  });

  it('makes a model active that is less surprised and ranks no worse', () => {
    const active = { auc: 0.9, logLoss: 0.1 };
    expect([0.9, 0.5, 0.4, Number.NaN].map((auc) => isUseful({ auc }))).toEqual([true, false, false, false]);
    expect(isBetter({ auc: 0.9, logLoss: 0.09 }, active)).toBe(true);
    expect(isBetter({ auc: 0.89, logLoss: 0.09 }, active)).toBe(false);
    expect(isBetter({ auc: 0.95, logLoss: 0.11 }, active)).toBe(false);
  });
});

/** In this process: a start of Node for each would be most of the time. */
async function inProcess(command: (options: Options) => Promise<number>, changes: Partial<Options> = {}) {
  const [said, failed]: [string[], string[]] = [[], []];
  const code = await command({
    ...{ database: database.pool, nowMs: Date.now(), generated: 0, seed: 1, force: false },
    ...{ say: (line) => said.push(line), fail: (line) => failed.push(line), ...changes },
  });
  return { code, said: said.join('\n'), failed: failed.join('\n') };
}

describe('npm run fraud', () => {
  it('reproduces the table to the point, and refuses what it does not know', async () => {
    const [table, unknown, production] = await Promise.all([
      run(['table']),
      run(['dance']),
      run(['train', '--generated'], { NODE_ENV: 'production' }),
    ]);
    expect({ code: table.code, last: table.stdout.trim().split('\n').at(-1) }).toEqual({
      ...{ code: 0, last: '13 of 13 rows as asked for' },
    });
    expect(unknown.code).toBe(64);
    expect(production).toMatchObject({ code: 1, stderr: expect.stringContaining('not for production') });
  });

  it('learns nothing from too little', async () => {
    const little = await inProcess(runTrain);
    expect(little).toMatchObject({ code: 1, failed: expect.stringContaining('too few to learn from') });
    expect((await inProcess(runStatus)).said).toContain('no model yet');
    expect((await inProcess(runEvaluate)).code).toBe(1);
    expect(await findActiveModel(database.pool)).toBeUndefined();
  });

  it('trains, measures and activates, and says what is made up; the next one only if it is better', async () => {
    const generated = 6_000;
    const first = await inProcess(runTrain, { generated });
    expect(first.said).toContain('MADE UP: 6000 orders');
    expect(Number(/AUC (?<auc>[\d.]+)/.exec(first.said)?.groups?.['auc'])).toBeGreaterThan(0.9);
    const report = { source: expect.stringContaining('6000 generated') };
    expect(await findActiveModel(database.pool)).toMatchObject({ version: 1, report });
    expect((await inProcess(runTrain, { generated })).said).toContain('version 2 is kept but not active');
    expect((await inProcess(runTrain, { generated, force: true })).said).toContain('version 3 is active');
    const models = await listModels(database.pool, 10);
    expect(models.map(({ version, isActive }) => [version, isActive])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    const evaluated = await inProcess(runEvaluate, { generated, seed: 9 });
    expect(evaluated.said).toContain('version 3 on the latest orders');
    expect((await inProcess(runStatus)).said).toMatch(/\* 3 .*AUC 0\.9\d+, from history and 6000 generated orders/);
  });
});
