import { describe, expect, it } from 'vitest';
import { installCommands } from './apt.ts';
import { findMissing, parseJavaVersion } from './requirements.ts';

describe('findMissing', () => {
  it('asks for nothing when every server runs elsewhere', async () => {
    const needs = { local: new Set<never>(), partsDir: '/nowhere', searchPath: '', isRoot: true };
    expect(await findMissing(needs)).toEqual([]);
  });
});

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_402"', 8],
    ['command not found', undefined],
  ])('%s', (text, version) => {
    expect(parseJavaVersion(text)).toBe(version);
  });
});

it('prints commands that can be pasted', () => {
  expect(installCommands(['redis-server', 'maven'])).toEqual([
    'sudo apt-get update',
    'sudo apt-get install -y --no-install-recommends redis-server maven',
  ]);
});
