/** npm run capacity: what given loads would take, by the unit costs that reports of the bench have measured. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '../command/exit.ts';
import { type Output, readArguments, TOLERANCE_PERCENT } from './arguments.ts';
import { runChecks } from './checks/run-checks.ts';
import { withPart } from './document.ts';
import { DEFAULT_LOADS, LOAD_NAMES, type Loads, OPTIONS } from './loads.ts';
import { makePlan } from './plan/plan.ts';
import { markdownOfPlan, markdownOfVerdict, printPlan, printVerdict } from './print.ts';
import { type Reports, readReports } from './reports.ts';
import { readUnitCosts } from './unit-costs.ts';

const BASELINES = join(import.meta.dirname, '../baselines');
const DOCUMENT = join(import.meta.dirname, '../../docs/CAPACITY.md');

const WIDTH = 20;

const USAGE = `npm run capacity -- [--from FOLDER] [--json | --markdown]
npm run capacity -- --check [--tolerance PERCENT] [--from FOLDER]

Turns what one piece of work costs, as the reports of the bench have measured it, into how many processes, shards,
partitions and machines given loads would take.

  --from FOLDER       reports of another machine: core.json, edge.json, line.json, orders.json, store.json
  --check             holds the model against points that it was not fitted to; exit code 1 when one is off
  --tolerance PERCENT how far off a point may be, ${TOLERANCE_PERCENT} unless given
  --json, --markdown  another form of the same
  --write             writes the tables of docs/CAPACITY.md anew, from the committed baselines
  --help              this

${LOAD_NAMES.map((name) => `  --${OPTIONS[name].flag.padEnd(WIDTH - 2)}${OPTIONS[name].about}, ${DEFAULT_LOADS[name].toLocaleString('en-US')} unless given`).join('\n')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked.kind === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (asked.kind === 'wrong') {
    process.stderr.write(`${asked.problems.join('\n')}\n\n${USAGE}`);
    return EXIT.misused;
  }
  const read = await readReports(asked.kind === 'write' ? BASELINES : (asked.from ?? BASELINES));
  if (!read.ok) return fail(read.problems);
  if (asked.kind === 'write') return writeDocument(read.reports);
  if (asked.kind === 'check') return check(read.reports, asked.tolerance, asked.output);
  return plan(read.reports, asked.loads, asked.output);
}

function plan(reports: Reports, loads: Loads, output: Output): number {
  const known = readUnitCosts(reports);
  if (!known.ok) return fail(known.problems);
  const made = makePlan(loads, known.costs, reports);
  if (!made.rows.every(({ count }) => Number.isFinite(count))) {
    const own = known.costs.edge.idleCores.value.toFixed(3);
    return fail([`An edge uses ${own} of a core for nobody in particular: --utilisation has to be larger.`]);
  }
  if (output === 'json') print(JSON.stringify({ ...made, costs: known.costs }, null, 2));
  else print(output === 'markdown' ? markdownOfPlan(made) : printPlan(made));
  return EXIT.ok;
}

function check(reports: Reports, tolerance: number, output: Output): number {
  const verdict = runChecks(reports, tolerance);
  if (output === 'json') print(JSON.stringify(verdict, null, 2));
  else print(output === 'markdown' ? markdownOfVerdict(verdict) : printVerdict(verdict));
  return verdict.ok ? EXIT.ok : EXIT.failed;
}

async function writeDocument(reports: Reports): Promise<number> {
  const known = readUnitCosts(reports);
  if (!known.ok) return fail(known.problems);
  const verdict = runChecks(reports, TOLERANCE_PERCENT);
  const before = await readFile(DOCUMENT, 'utf8');
  const planned = withPart(before, 'plan', markdownOfPlan(makePlan(DEFAULT_LOADS, known.costs, reports)));
  const whole = planned === undefined ? undefined : withPart(planned, 'check', markdownOfVerdict(verdict));
  if (whole === undefined) return fail(['docs/CAPACITY.md has no place for the tables: its comments are gone.']);
  await writeFile(DOCUMENT, whole);
  return verdict.ok ? EXIT.ok : fail(['The tables are written, but the model is off: npm run capacity -- --check']);
}

function fail(problems: readonly string[]): number {
  process.stderr.write(`${problems.join('\n')}\n`);
  return EXIT.failed;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
