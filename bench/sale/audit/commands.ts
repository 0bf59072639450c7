/** The product's own audits, run as an operator runs them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { isMessage, type Message, numberIn } from '../../sockets/read-message.ts';
import type { SaleStage } from '../stage.ts';

export interface LedgerVerdict {
  readonly oversold: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly chargedTwice: number;
  readonly chargedForNothing: number;
  /** Each line that is not ok. */
  readonly problems: readonly string[];
  readonly lines: number;
}

const AUDIT = join(import.meta.dirname, '../../../scripts/audit/main.ts');
const MOST_BYTES = 256 * 1_024 * 1_024;
const WAIT_SECONDS = 90;
const SHOWN = 3;

export async function auditDrop(stage: SaleStage, dropId: string, signal: AbortSignal): Promise<LedgerVerdict> {
  return await audit(stage, ['--drop', dropId, '--wait', String(WAIT_SECONDS)], `audit --drop`, signal);
}

export async function auditStore(stage: SaleStage, signal: AbortSignal): Promise<LedgerVerdict> {
  return await audit(stage, ['--store'], 'audit --store', signal);
}

async function audit(
  { env }: SaleStage,
  args: readonly string[],
  name: string,
  signal: AbortSignal,
): Promise<LedgerVerdict> {
  const said = await run(args, env, signal);
  const report = readReport(said.out);
  if (report === undefined)
    return { ...NOTHING, problems: [`npm run ${name} said: ${(said.out + said.errors).slice(-500)}`] };
  const totals = isMessage(report['totals']) ? report['totals'] : {};
  const lines = (Array.isArray(report['lines']) ? report['lines'] : []).filter(isMessage);
  const bad = lines.filter(({ verdict }) => verdict === 'broken' || verdict === 'under way');
  const problems = bad.map((line) => `npm run ${name}: ${tellLine(line)}`);
  if (report['verdict'] !== 'ok' && problems.length === 0)
    problems.push(`npm run ${name}: ${String(report['verdict'])}`);
  const total = (what: string): number => numberIn(totals, what) ?? 0;
  return {
    ...{ oversold: total('oversold'), lost: total('lost'), duplicated: total('duplicated') },
    ...{ chargedTwice: total('chargedTwice'), chargedForNothing: total('chargedForNothing') },
    ...{ problems, lines: lines.length },
  };
}

const NOTHING = { oversold: 0, lost: 0, duplicated: 0, chargedTwice: 0, chargedForNothing: 0, problems: [], lines: 0 };

function tellLine(line: Message): string {
  const broken = Array.isArray(line['broken']) ? line['broken'] : [];
  const which = broken.slice(0, SHOWN).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const sides = line['left'] === undefined ? '' : ` (${String(line['left'])} and ${String(line['right'])})`;
  return `${String(line['identity'])} is ${String(line['verdict'])}${sides} ${which.join(', ')}`.trim();
}

function readReport(text: string): Message | undefined {
  try {
    const report: unknown = JSON.parse(text);
    return isMessage(report) ? report : undefined;
  } catch {
    return undefined;
  }
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ out: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const all = [AUDIT, ...args, '--json', '-'];
    execFile(process.execPath, all, { env, signal, maxBuffer: MOST_BYTES }, (_error, out, errors) => {
      // An exit code that is not 0 is an answer as well.
      if (signal.aborted) reject(signal.reason);
      else resolve({ out, errors });
    });
  });
}
