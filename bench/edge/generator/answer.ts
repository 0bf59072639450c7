/**
 * Answers to claims, found in the bytes of a frame instead of parsed: of all that a generator does itself, parsing was the
 * dearest. Only the two that come for each claim, and only as the edge writes them: `t` first, nothing that JSON escapes
 * in keys and ids, which are the generator's own. What looks otherwise is parsed by whoever asked.
 */
export interface Answer {
  readonly key: string;
  /** Empty for a refusal, and `code` for a win. */
  readonly claimId: string;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
}

const CLAIMED = '{"t":"claimed",';
const REFUSED = '{"t":"refused",';
const RETRY_AFTER = '"retryAfterMs":';

export function readAnswer(bytes: Buffer, from: number, to: number): Answer | undefined {
  const text = bytes.toString('latin1', from, to);
  const won = text.startsWith(CLAIMED);
  if (!(won || text.startsWith(REFUSED)) || text.includes('\\')) return undefined;
  const key = textAfter(text, '"key":"');
  const found = won ? textAfter(text, '"claimId":"') : textAfter(text, '"code":"');
  if (key === '' || found === '') return undefined;
  return won
    ? { key, claimId: found, code: '', retryAfterMs: undefined }
    : { key, claimId: '', code: found, retryAfterMs: numberAfter(text, RETRY_AFTER) };
}

function textAfter(text: string, name: string): string {
  const at = text.indexOf(name);
  if (at === -1) return '';
  const from = at + name.length;
  return text.slice(from, text.indexOf('"', from));
}

function numberAfter(text: string, name: string): number | undefined {
  const at = text.indexOf(name);
  return at === -1 ? undefined : Number.parseInt(text.slice(at + name.length), 10);
}
