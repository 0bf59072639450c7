/** npm run bench -- SCENARIO: measures a part of the product on this machine and audits what it sold. */
import { writeFile } from 'node:fs/promises';
import { type BenchOptions, readArguments } from './arguments.ts';
import { createProgress } from './progress.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const EXIT = { ok: 0, failed: 1, misused: 2, interrupted: 130 } as const;

const USAGE = `npm run bench -- SCENARIO [--seconds S] [--json FILE] [--quick]

Scenarios
${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n')}

  --seconds S   how long each run is measured, 5 unless given
  --runs N      how often what is measured in rounds is measured, 3 unless given (1 with --quick)
  --json FILE   writes the report there
  --quick       without the curves
  --sockets N   how many shoppers wait in line, 100,000 unless given (10,000 with --quick)
  --doctored    breaks the books of what is sold on purpose: the audit has to fail
  --help        this

Starts servers of its own and removes them. Exit code 1 when the audit fails: a unit oversold, lost or doubled.
`;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked.kind === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (asked.kind === 'wrong') return misused(asked.problem);
  const scenario = SCENARIOS.find(({ name }) => name === asked.scenario);
  if (scenario === undefined) return misused(`There is no scenario ${asked.scenario}.`);
  return bench(scenario, asked.options);
}

async function bench(scenario: Scenario, options: BenchOptions): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interruption.abort(new Error(`Stopped by ${signal}.`)));
  }
  const progress = createProgress(process.stderr, () => performance.now());
  try {
    const { signal } = interruption;
    const { report, text } = await runScenario({ scenario, options, signal, progress: progress.step });
    progress.done();
    process.stdout.write(`${text}\n`);
    if (options.jsonFile !== undefined) await writeFile(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    return report.audit.ok ? EXIT.ok : EXIT.failed;
  } catch (error) {
    progress.done();
    if (interruption.signal.aborted) {
      process.stderr.write('Stopped. Everything that the bench had started is gone.\n');
      return EXIT.interrupted;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.failed;
  }
}

function misused(problem: string): number {
  process.stderr.write(`${problem}\n\n${USAGE}`);
  return EXIT.misused;
}
