/** The command as a user runs it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { liveDrop } from '../../test/fixtures/drop.ts';
import { mint } from './mint.ts';

const SECRET = 'a secret of at least 32 characters';
const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const program = join(import.meta.dirname, 'main.ts');
    const options = { env: { ...process.env, AUTH_SECRET: SECRET, NODE_ENV: 'test', ...env } };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run mint', () => {
  it('prints as many tokens of different guests as were asked for', async () => {
    const { code, stdout } = await run(['--count', '50']);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    const owners = await Promise.all(lines.map((token) => tokens.verify(token)));
    expect(owners.every((owner) => owner?.kind === 'guest' && owner.role === 'shopper')).toBe(true);
    expect(new Set(owners.map((owner) => owner?.userId)).size).toBe(50);
  });

  it('refuses in production', async () => {
    const { code, stdout, stderr } = await run(['--count', '1'], { NODE_ENV: 'production' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('production');
  });

  it.each([[], ['--count', '0'], ['--count', '1.5'], ['--count', '9999999'], ['--count', '1', '--drop', 'x']])(
    'says what is wrong with %s %s %s %s',
    async (...args) => {
      const { code, stderr } = await run(args);
      expect(code).toBe(64);
      expect(stderr).toContain('npm run mint');
    },
  );
});

it('tells the line beside each token for a drop, over its regions in turn', async () => {
  const drop = liveDrop(Date.now());
  const minted: string[] = [];
  const line = { drop, edgeUrl: 'ws://127.0.0.1:8080' };
  for await (const text of mint({ count: 4, tokens, nextId: createIdSource(systemClock), line })) minted.push(text);
  const urls = minted.map((text) => JSON.parse(text).url);
  expect(urls[0]).toMatch(/^ws:\/\/127\.0\.0\.1:8080\/v1\/drops\/[0-9a-f-]{36}\/line\?region=[a-z-]+$/);
  expect(new Set(urls).size).toBe(Math.min(4, Object.keys(drop.skus[0]?.allocation ?? {}).length));
});
