import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CLAIM_PATH, slowed } from './claim-path.ts';

it('puts a busy loop into the way of every claim through the edge, or says that it cannot', () => {
  const source = slowed(readFileSync(fileURLToPath(CLAIM_PATH), 'utf8'), 3);
  expect(source.split('untilMs = performance.now() + 3').length - 1).toBe(1);
  expect(() => slowed('export const claim = 1;', 3)).toThrow('takes up claims elsewhere');
});
