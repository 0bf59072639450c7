/** npm run flame: where the time of a process goes while a scenario of the bench runs, as one page and as tables. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readArguments as readBenchArguments } from '../arguments.ts';
import { EXIT } from '../command/exit.ts';
import { createProgress, everySecond } from '../progress.ts';
import { type RunScenario, runScenario } from '../run-scenario.ts';
import { passedOver, SCENARIOS } from '../scenarios.ts';
import { readArguments, type ScenarioOptions } from './arguments.ts';
import { busiestWindow } from './busiest-window.ts';
import { makeFlame } from './flame.ts';
import { parseProfile } from './profile.ts';
import { profileScenario, type Taken } from './profile-scenario.ts';

/** Git-ignored, like everything else that is made here. */
const FOLDER = join(import.meta.dirname, '../../.dropgate/flame');
/** What a scenario is about. */
const PARTS: Readonly<Record<string, string>> = {
  core: 'generator',
  stock: 'generator',
  orders: 'orders',
  store: 'store',
};
const OTHERWISE = 'edge';

const USAGE = `npm run flame -- SCENARIO [--part PART] [--only TEXT] [--seconds S]
npm run flame -- FILE.cpuprofile [--html FILE]

Runs a scenario of the bench without its curves, with a process of it under V8's profiler, and writes one HTML page and one
.cpuprofile for each of its runs; prints where the time went by room and the functions that took most of it.

Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}

  --part PART      edge, relay, orders, payments, store, generator or another that the scenario starts; may be given again.
                   Unless given: ${Object.entries(PARTS)
                     .map(([scenario, part]) => `${part} of ${scenario}`)
                     .join(', ')}, else ${OTHERWISE}
  --only TEXT      only of processes started while the scenario said this: "sold out", "at half"
  --seconds S      how long each run is measured, 5 unless given; shown are the busiest S seconds of the process
  --whole          all of its life instead, with its start and its end
  --sockets N      of the scenario line: how many wait
  --top N          functions in the table, 20 unless given
  --folder FOLDER  where to write, .dropgate/flame unless given
  --help           this

What a profile shows includes the profiler: a process under it is some percent slower. Native code (uWebSockets.js, system
calls) is one block, (program); docs/PROFILING.md says how to look into it.
`;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked.kind === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (asked.kind === 'wrong') return misused(asked.problem);
  return asked.kind === 'file' ? showFile(asked.file, asked.htmlFile, asked.top) : showScenario(asked);
}

async function showFile(file: string, htmlFile: string | undefined, top: number): Promise<number> {
  try {
    const parsed = parseProfile(JSON.parse(await readFile(file, 'utf8')));
    if (!parsed.ok) return failed(`${file}: ${parsed.problem}`);
    const threads = [{ thread: 'main', profile: parsed.profile }];
    const flame = makeFlame({ title: basename(file), facts: [], threads, window: undefined, top });
    const html = resolve(htmlFile ?? file.replace(/\.cpuprofile$/u, '.html'));
    await writeFile(html, flame.html);
    process.stdout.write(`${flame.text}\n\n${html}\n`);
    return EXIT.ok;
  } catch (error) {
    return failed(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function showScenario(asked: ScenarioOptions): Promise<number> {
  const { scenario: name, seconds, sockets } = asked;
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) return misused(`There is no scenario ${name}.`);
  const sized = sockets === undefined ? [] : ['--sockets', sockets];
  const ofBench = readBenchArguments([name, '--quick', '--seconds', String(seconds), ...sized]);
  if (ofBench.kind === 'wrong') return misused(ofBench.problem);
  if (ofBench.kind !== 'run') return misused(`${name} cannot be run.`);
  const problem = passedOver(name, ofBench.options);
  if (problem !== undefined) return misused(problem);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interruption.abort(new Error(`Stopped by ${signal}.`)));
  }
  try {
    return await run(asked, { scenario, options: ofBench.options, signal: interruption.signal });
  } catch (error) {
    if (!interruption.signal.aborted)
      return failed(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.stderr.write('Stopped. Everything that was started is gone.\n');
    return EXIT.interrupted;
  }
}

async function run(asked: ScenarioOptions, bench: Omit<RunScenario, 'progress'>): Promise<number> {
  const { scenario: name, only } = asked;
  const parts = asked.parts.length > 0 ? asked.parts : [PARTS[name] ?? OTHERWISE];
  const { step, done } = createProgress({ output: process.stderr, nowMs: () => performance.now(), everySecond });
  const work = (progress: (what: string) => void) => runScenario({ ...bench, progress });
  const { outcome, taken, seen } = await profileScenario({ parts, only, progress: step, work }).finally(done);
  if (taken.length === 0) {
    const when = only === undefined ? '' : ` while it said "${only}"`;
    return failed(`No ${parts.join(', ')} was started by ${name}${when}. It started: ${seen.join(', ')}.`);
  }
  for (const one of taken) await writeFlame(asked, one);
  if (outcome.audit.ok) return EXIT.ok;
  return failed(`The audit of the run failed: ${outcome.audit.problems.join('; ')}`);
}

async function writeFlame(asked: ScenarioOptions, { part, run, threads }: Taken): Promise<void> {
  const title = `${asked.scenario}, ${part}: ${run}`;
  const window = asked.whole ? undefined : busiestWindow(threads, asked.seconds);
  const facts = [`node ${process.versions.node}, ${new Date().toISOString()}`];
  const flame = makeFlame({ title, facts, threads, window, top: asked.top });
  const path = join(resolve(asked.folder ?? FOLDER), fileNameOf(`${asked.scenario}-${part}-${run}`));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.html`, flame.html);
  for (const { thread, profile } of threads) {
    const name = threads.length === 1 ? path : `${path}-thread-${thread}`;
    await writeFile(`${name}.cpuprofile`, JSON.stringify(profile));
  }
  process.stdout.write(`${flame.text}\n\n${path}.html\n\n`);
}

function fileNameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '');
}

function misused(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return EXIT.misused;
}

function failed(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return EXIT.failed;
}
