/** The product's own audits, run as an operator runs them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Figures } from '../../report/figures.ts';
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
  /** Each line with both of its sides. */
  readonly lines: readonly Figures[];
}

const SCRIPTS = join(import.meta.dirname, '../../../scripts');
const MOST_BYTES = 256 * 1_024 * 1_024;
const WAIT_SECONDS = 90;
const SHOWN = 3;
const KEPT_CHARS = 500;

export async function auditDrop(stage: SaleStage, dropId: string, signal: AbortSignal): Promise<LedgerVerdict> {
  return await audit(stage, ['--drop', dropId, '--wait', String(WAIT_SECONDS)], `audit --drop`, signal);
}

export async function auditStore(stage: SaleStage, signal: AbortSignal): Promise<LedgerVerdict> {
  return await audit(stage, ['--store'], 'audit --store', signal);
}

/** That nobody was called beyond the caps of the drop. */
export async function auditPasses({ env }: SaleStage, dropId: string, signal: AbortSignal): Promise<readonly string[]> {
  const { out, errors } = await run(['passes/main.ts', '--drop', dropId, '--json'], env, signal);
  const report = readReport(out);
  if (report?.['ok'] === true) return [];
  const why = report === undefined ? errors : JSON.stringify([report['breaches'], report['gaps']]);
  return [`npm run passes: ${why.slice(0, KEPT_CHARS)}`];
}

async function audit(
  { env }: SaleStage,
  args: readonly string[],
  name: string,
  signal: AbortSignal,
): Promise<LedgerVerdict> {
  const said = await run(['audit/main.ts', ...args, '--json', '-'], env, signal);
  const report = readReport(said.out);
  if (report === undefined)
    return { ...NOTHING, problems: [`npm run ${name} said: ${(said.out + said.errors).slice(-KEPT_CHARS)}`] };
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
    ...{ problems, lines: lines.map(rowOf) },
  };
}

const NOTHING = { oversold: 0, lost: 0, duplicated: 0, chargedTwice: 0, chargedForNothing: 0, problems: [], lines: [] };

function rowOf({ identity, left, right, verdict }: Message): Figures {
  const side = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return { line: String(identity), left: side(left), right: side(right), verdict: String(verdict) };
}

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
    const [program = '', ...rest] = args;
    execFile(
      process.execPath,
      [join(SCRIPTS, program), ...rest],
      { env, signal, maxBuffer: MOST_BYTES },
      (_error, out, errors) => {
        // An exit code that is not 0 is an answer as well.
        if (signal.aborted) reject(signal.reason);
        else resolve({ out, errors });
      },
    );
  });
}
