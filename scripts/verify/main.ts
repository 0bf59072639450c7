import { constants } from 'node:os';
import { join } from 'node:path';
import { staticSteps } from './static-steps.ts';
import { verify } from './verify.ts';

const usage = `npm test [-- ARGUMENTS OF VITEST]   checks types, lint, format, rooms and generated code, then runs the tests
npm run check                       only the checks

  npm test -- platform                      the tests of files whose path has "platform" in it
  npm test -- -t "never shows a secret"     the tests whose name has this in it

The tests start Redis, Kafka and PostgreSQL of their own on free ports and stop them at the end.
The last line is "N passed, N failed"; a check counts as one. Exit code 1 when anything failed or no test ran.
`;

const root = join(import.meta.dirname, '../..');
const args = process.argv.slice(2).filter((arg) => arg !== '--');
const staticOnly = args.includes('--static');
const vitestArgs = args.filter((arg) => arg !== '--static');

if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(usage);
  process.exit(0);
}

// A reader that leaves early, such as head, is no reason to end in the middle.
process.stdout.on('error', () => undefined);

const stopping = new AbortController();
let stoppedBy: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stoppedBy = signal;
    stopping.abort();
  });
}

const tests = { file: process.execPath, args: [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...vitestArgs] };
const print = (text: string) => process.stdout.write(text);
const isRoot = process.getuid?.() === 0;
const tools = { root, environment: process.env, isRoot, signal: stopping.signal, print };
const { failed } = await verify({
  root,
  steps: staticSteps(root, process.execPath),
  // Loaded late, so that a fault in what it uses is a failure like another, and the last line is printed all the same.
  ...(staticOnly ? {} : { tests, provideTools: async () => (await import('./tools.ts')).provideTools(tools) }),
  showTests: true,
  signal: stopping.signal,
  print,
});
process.exitCode = stoppedBy === undefined ? Math.min(failed, 1) : 128 + constants.signals[stoppedBy];
