/** npm run bench -- SCENARIO: measures a part of the product on this machine and audits what it sold. */
import { type Asked, readArguments } from './arguments.ts';
import { EXIT, type Output } from './command/exit.ts';
import { compareCommand, goalsCommand, pageCommand } from './command/reports.ts';
import { runCommand } from './command/run.ts';
import { USAGE } from './command/usage.ts';
import { passedOver, SCENARIOS } from './scenarios.ts';

const output: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

process.exitCode = await main(readArguments(process.argv.slice(2)));
await drained(process.stdout);
// Handles that a library leaves open must not keep the command from ending.
process.exit();

async function main(asked: Asked): Promise<number> {
  switch (asked.kind) {
    case 'help':
      output.out(USAGE);
      return EXIT.ok;
    case 'wrong':
      return misused(asked.problem);
    case 'compare':
      return compareCommand(asked.options, output);
    case 'goals':
      return goalsCommand(asked.options, output);
    case 'page':
      return pageCommand(asked.options, output);
    case 'run':
      return run(asked);
  }
}

function run({ scenario: name, options }: Extract<Asked, { kind: 'run' }>): Promise<number> | number {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) return misused(`There is no scenario ${name}.`);
  const problem = passedOver(name, options);
  if (problem !== undefined) return misused(problem);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interruption.abort(new Error(`Stopped by ${signal}.`)));
  }
  return runCommand({ scenario, options, signal: interruption.signal, output, progressOutput: process.stderr });
}

function misused(problem: string): number {
  output.err(`${problem}\n\n${USAGE}`);
  return EXIT.misused;
}

/** A pipe takes what is written later; to end before that cuts a long report off. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
