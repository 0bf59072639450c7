import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/servers/longest-first.ts';

/**
 * Files that share a process with others, which loads the store once instead of for each of them: 131 s of CPU time instead
 * of 210 s for those of store-api alone. Not for what kills servers, measures this process, or holds uWebSockets.js: a crash
 * must take down no other file.
 */
const TOGETHER = [
  '{contracts,commerce,db,store-api,queue-workers,scripts}/**/*.test.ts',
  'test/{db,fixtures,store}/**/*.test.ts',
];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '.dropgate/**'],
    globalSetup: ['test/servers/global-setup.ts'],
    // Processes, not threads: uWebSockets.js and argon2 are native, and a crash must name its file.
    pool: 'forks',
    // Test files mostly wait for servers. Two cores, 653 tests: 105 s with two workers, 82 s with four.
    maxWorkers: 2 * availableParallelism(),
    // For a test that hangs, not for one that is slow: on a machine with much else to do, four times longer is no fault.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ['**/*.test.ts'], exclude: TOGETHER, isolate: true } },
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
    ],
  },
});
