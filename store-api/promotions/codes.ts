/** One-time codes: 80 bits of chance, which nobody guesses, so that a plain hash keeps them. */
import { createHash, randomBytes } from 'node:crypto';

/** Without I, L, O and U: nothing to mix up, and nothing to be offended by. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARS = 16;

export function newCode(): string {
  return Array.from(randomBytes(CHARS), (byte) => LETTERS[byte % LETTERS.length] ?? '0').join('');
}

/** As it is printed: in groups of four. */
export function printed(code: string): string {
  return code.replaceAll(/(.{4})(?=.)/g, '$1-');
}

export function hashOfCode(code: string): Buffer {
  return createHash('sha256').update(code, 'utf8').digest();
}
