/** Which words and formats a recipient's language gets. */
import { de } from './languages/de.ts';
import { en } from './languages/en.ts';
import type { Formats, Wording } from './wording.ts';

/** A further language is a file beside these and a line here. */
const WORDINGS: Readonly<Record<string, Wording>> = { en, de };
const STANDARD = 'en';

export const LANGUAGES = Object.keys(WORDINGS);

export interface Language {
  readonly locale: string;
  readonly wording: Wording;
  readonly formats: Formats;
}

/** `de-AT` gets the words of `de` and the formats of `de-AT`; a language that there is not gets English. */
export function languageOf(tag: string): Language {
  const [base = ''] = tag.split('-', 1);
  const known = Object.hasOwn(WORDINGS, base) ? WORDINGS[base] : undefined;
  const locale = known === undefined ? STANDARD : tag;
  return { locale, wording: known ?? en, formats: formatsOf(locale) };
}

function formatsOf(locale: string): Formats {
  return {
    money(minor, currency) {
      const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
      const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
      return format.format(minor / 10 ** digits);
    },
    time(at) {
      const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
      return `${format.format(at)} UTC`;
    },
  };
}
