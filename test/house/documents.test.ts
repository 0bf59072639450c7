import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLOSE } from '../../contracts/close-codes.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { EdgeMessage, ShopperMessage } from '../../contracts/line/messages.ts';
import { exampleClient } from '../fixtures/example-client.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', 'docs/PROTOCOL.md'];
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the documents', () => {
  it.each(DOCUMENTS)('%s links only to what is there', (file) => {
    const targets = [...read(file).matchAll(/\]\((?<target>[^)#]+)\)/g)].map(({ groups }) => groups?.['target'] ?? '');
    const missing = targets.filter(
      (target) => !target.startsWith('http') && !existsSync(join(ROOT, dirname(file), target)),
    );
    expect(missing).toEqual([]);
  });

  it('explain every message, every close code and the limits of the socket', () => {
    const protocol = read('docs/PROTOCOL.md');
    const names = [...ShopperMessage.anyOf, ...EdgeMessage.anyOf].map(
      ({ properties }) => `| \`${properties.t.const}\``,
    );
    expect(names.filter((name) => !protocol.includes(name))).toEqual([]);
    expect(Object.values(CLOSE).filter((code) => !protocol.includes(String(code)))).toEqual([]);
    expect(protocol).toContain(LIMITS.socketFrameBytes.toLocaleString('en'));
    expect(protocol).toContain(`${LIMITS.socketIdleSeconds} s`);
  });

  it('name only commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = DOCUMENTS.flatMap((file) => [...read(file).matchAll(/npm run (?<name>[a-z-]+)/g)]);
    expect(named.map(({ groups }) => groups?.['name']).filter((name) => !(name && name in scripts))).toEqual([]);
  });

  it('show the same ten lines everywhere', () => {
    expect(exampleClient('README.md')).toBe(exampleClient('docs/PROTOCOL.md'));
  });
});
