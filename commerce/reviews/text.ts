/** What the rules look at in a text. All of it takes time in proportion to the text, whatever stands in it. */
import { createHash } from 'node:crypto';

/** Addresses, and names of hosts that one would type: `https://…`, `www.…`, `shop.example/x`. */
const LINK =
  /(?:https?:\/\/|www\.)[^\s<>"]+|\b[a-z0-9-]{2,63}\.(?:com|net|org|info|biz|shop|store|online|site|xyz|top|ru|cn|de|eu|io|me|ly)\b(?:\/[^\s<>"]*)?/giu;

export const linksIn = (text: string): number => text.match(LINK)?.length ?? 0;

export const lettersOf = (text: string): readonly string[] => text.match(/\p{L}/gu) ?? [];

export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The part of the letters that are capitals; nothing of a text too short to shout, or in a script without capitals. */
export function shoutedPart(text: string): number {
  const cased = lettersOf(text).filter((letter) => letter.toLowerCase() !== letter.toUpperCase());
  if (cased.length < 20) return 0;
  return cased.filter((letter) => letter !== letter.toLowerCase()).length / cased.length;
}

/** Without case, accents, spaces and signs: so much of a text has to differ for it to be another one. */
function bareText(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]/gu) ?? []
  ).join('');
}

export const textHash = (body: string): Buffer => createHash('sha256').update(bareText(body)).digest();

/** "Great!" is written by many; a text as long as this by one. */
const TELLING_CHARS = 24;
export const isTelling = (body: string): boolean => bareText(body).length >= TELLING_CHARS;
