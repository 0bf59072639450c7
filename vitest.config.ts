import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
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
  },
});
