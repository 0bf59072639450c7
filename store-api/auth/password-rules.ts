/** Length is what counts; beyond it only what is tried first everywhere is refused (NIST SP 800-63B). */
const LEAST_CHARACTERS = 8;
const LEAST_DIFFERENT = 4;
/** Parts of passwords that head every list of stolen ones; more than this around them is fine. */
const COMMON = /^(password|passw0rd|qwertyui|qwerty|letmein|welcome|iloveyou|admin|abc123|football|dragon|monkey)/;
const MOST_AFTER_COMMON = 4;
const ROWS = ['0123456789012345', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '98765432109876543210'];

export function whyWeak(password: string, email: string): string | undefined {
  const lower = password.normalize('NFKC').toLowerCase();
  if ([...lower].length < LEAST_CHARACTERS) return `It needs at least ${LEAST_CHARACTERS} characters.`;
  if (new Set(lower).size < LEAST_DIFFERENT) return 'It has too few different characters.';
  const common = COMMON.exec(lower)?.[0];
  if (common !== undefined && lower.length - common.length <= MOST_AFTER_COMMON) return 'It is one of the most common.';
  if (ROWS.some((row) => row.includes(lower))) return 'It is a row of keys.';
  const name = email.toLowerCase().split('@')[0] ?? '';
  if (
    lower === email.toLowerCase() ||
    (name.length >= LEAST_DIFFERENT && lower.startsWith(name) && lower.length - name.length <= MOST_AFTER_COMMON)
  ) {
    return 'It is made of the mail address.';
  }
  return undefined;
}
