import { describe, expect, it } from 'vitest';
import { chooseTexts, wantedLanguages } from './language.ts';

describe('wanted languages', () => {
  it.each([
    ['de-CH, en;q=0.8', ['de-CH', 'de', 'en']],
    ['en;q=0.2, fr-fr;q=0.9', ['fr-FR', 'fr', 'en']],
    ['*', []],
    ['de;q=0', []],
    ['xx-invalid-tag, ;;, de', ['de']],
    [undefined, []],
    ['d'.repeat(1_000), []],
  ])('of %s', (header, languages) => {
    expect(wantedLanguages(header)).toEqual(languages);
  });
});

describe('the texts of a product', () => {
  const own = { title: 'Mug', description: '', language: 'en' };
  const product = { ...own, translations: { de: { title: 'Becher', description: 'x' } } };

  it.each([
    [['de-CH', 'de'], 'Becher', 'de'],
    [['en-GB', 'en', 'de'], 'Mug', 'en'],
    [['fr', 'de'], 'Becher', 'de'],
    [['fr'], 'Mug', 'en'],
    [['constructor'], 'Mug', 'en'],
    [[], 'Mug', 'en'],
  ])('for %j', (wanted, title, language) => {
    expect(chooseTexts(product, wanted)).toMatchObject({ title, language });
  });
});
