/** What tests of notices share: a mailbox of their own, and everything around the notify worker. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { systemClock } from '../../../platform/clock.ts';
import { createBox } from '../../../scripts/local/mailbox/box.ts';
import { startCatcher } from '../../../scripts/local/mailbox/catcher.ts';
import { createRefusals } from '../../../scripts/local/mailbox/refusals.ts';
import { newId } from '../../fixtures/drop.ts';
import { silentLog } from '../../fixtures/shards.ts';

export function createMailbox() {
  const box = createBox();
  const refusals = createRefusals();
  return {
    box,
    refusals,
    start: (port: number) => startCatcher({ port, box, refusals, clock: systemClock, log: silentLog }),
  };
}

export interface Person {
  readonly userId: string;
  readonly mail: string;
}

/** Somebody with an account, and preferences where some are given. */
export async function makePerson(
  database: Pool,
  options: { name?: string; language?: string; orderMails?: boolean; reminderMails?: boolean } = {},
): Promise<Person> {
  const userId = newId();
  const mail = `${userId}@example.test`;
  await database.query('insert into users (id, email, name) values ($1, $2, $3)', [userId, mail, options.name ?? '']);
  const { language = 'en', orderMails = true, reminderMails = true } = options;
  await database.query(
    'insert into preferences (user_id, language, order_mails, reminder_mails) values ($1, $2, $3, $4)',
    [userId, language, orderMails, reminderMails],
  );
  return { userId, mail };
}

const DLQ = join(import.meta.dirname, '..', '..', '..', 'scripts', 'dlq', 'main.ts');

/** Runs `npm run dlq` as an operator does. */
export async function dlq(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [DLQ, ...args], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
