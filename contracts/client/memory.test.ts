import { expect, it } from 'vitest';
import { createStoredMemory, randomHex } from './memory.ts';

function storageOf(texts: Record<string, string>) {
  return {
    getItem: (name: string) => texts[name] ?? null,
    setItem: (name: string, text: string) => {
      texts[name] = text;
    },
  };
}

it('keeps nonce and ticket of each drop', () => {
  const memory = createStoredMemory(storageOf({}));
  memory.save('a', { nonce: 'n', ticket: 't' });
  memory.save('b', { nonce: 'm' });
  expect([memory.load('a'), memory.load('b'), memory.load('c')]).toEqual([
    { nonce: 'n', ticket: 't' },
    { nonce: 'm' },
    undefined,
  ]);
});

it.each(['{', 'null', '[]', '{"nonce":1}', '{"nonce":""}', `{"nonce":"${'x'.repeat(65)}"}`])(
  'takes what it did not write for nothing: %s',
  (text) => {
    expect(createStoredMemory(storageOf({ 'dropgate/line/a': text })).load('a')).toBeUndefined();
  },
);

it('leaves a ticket aside that cannot be one', () => {
  const memory = createStoredMemory(storageOf({ 'dropgate/line/a': '{"nonce":"n","ticket":5}' }));
  expect(memory.load('a')).toEqual({ nonce: 'n' });
});

it('does without a storage that fails', () => {
  const fails = (): never => {
    throw new Error('forbidden');
  };
  const memory = createStoredMemory({ getItem: fails, setItem: fails });
  memory.save('a', { nonce: 'n' });
  expect(memory.load('a')).toBeUndefined();
});

it('makes nonces that are not the same twice', () => {
  expect(randomHex()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomHex()).not.toBe(randomHex());
});
