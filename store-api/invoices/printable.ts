/**
 * Text as the fonts that every PDF reader has can show it (WinAnsi). What they have no letter for must not become a box
 * or vanish: an accent that is not there is left out, any other letter stands as its Unicode number, and who reads the
 * invoice is told.
 */

/** Besides Latin-1, what Windows-1252 has. */
const WINDOWS =
  '\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178';
/** Letters that are no base with an accent, and the nearest that there are. */
const NEAREST: Readonly<Record<string, string>> = {
  ...{ '\u0141': 'L', '\u0142': 'l', '\u0110': 'D', '\u0111': 'd', '\u0131': 'i', '\u0126': 'H', '\u0127': 'h' },
  ...{ '\u0166': 'T', '\u0167': 't', '\u2010': '-', '\u2011': '-', '\u2212': '-', '\u1e9e': 'SS' },
  ...{ '\u202f': '\u00a0', '\u2009': '\u00a0', '\u2007': '\u00a0' },
};
/** Spaces of another width read the same. */
const SAME: ReadonlySet<string> = new Set(['\u202f', '\u2009', '\u2007', '\u2010', '\u2011', '\u2212']);

export interface Printable {
  readonly text: string;
  /** Whether it is not letter by letter what it was. */
  readonly isReplaced: boolean;
}

export function printable(raw: string): Printable {
  let isReplaced = false;
  const text = Array.from(raw.normalize('NFC'), (letter) => {
    if (hasLetter(letter)) return letter;
    if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(letter)) return ' ';
    if (!SAME.has(letter)) isReplaced = true;
    return nearest(letter);
  }).join('');
  return { text, isReplaced };
}

function hasLetter(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || WINDOWS.includes(letter);
}

function nearest(letter: string): string {
  const known = NEAREST[letter];
  if (known !== undefined) return known;
  const bare = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
  if (bare !== '' && Array.from(bare).every(hasLetter)) return bare;
  return `[${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
