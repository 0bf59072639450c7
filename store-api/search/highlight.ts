/** Marks the words of a text that were searched for. The text is somebody's: it is escaped, and only <mark> is ours. */
const TOKENS = /[\p{L}\p{N}]+/gu;
const SNIPPET_CHARS = 200;
/** How far before its first match a snippet begins. */
const LEAD_CHARS = 60;

export function highlight(text: string, stems: readonly string[]): string {
  let marked = '';
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    marked += escapeHtml(text.slice(end, match.index));
    const word = escapeHtml(match[0]);
    marked += isMatch(match[0], stems) ? `<mark>${word}</mark>` : word;
    end = match.index + match[0].length;
  }
  return marked + escapeHtml(text.slice(end));
}

/** The part of a long text around its first match; null where it has none. */
export function snippet(text: string, stems: readonly string[]): string | null {
  for (const match of text.matchAll(TOKENS)) {
    if (!isMatch(match[0], stems)) continue;
    const from = match.index <= LEAD_CHARS ? 0 : text.indexOf(' ', match.index - LEAD_CHARS) + 1;
    const isCut = from + SNIPPET_CHARS < text.length;
    const to = isCut
      ? Math.max(text.lastIndexOf(' ', from + SNIPPET_CHARS), match.index + match[0].length)
      : text.length;
    return `${from > 0 ? '… ' : ''}${highlight(text.slice(from, to), stems)}${isCut ? ' …' : ''}`;
  }
  return null;
}

/** The words of a tsquery. A stem is nearly always how its words begin; one that ends in i stands for y as well. */
export function stemsOf(query: string): string[] {
  return [...query.matchAll(/'((?:[^']|'')+)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}

function isMatch(word: string, stems: readonly string[]): boolean {
  const folded = word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return stems.some(
    (stem) =>
      (folded.startsWith(stem) && folded.length <= stem.length + ENDING_CHARS) ||
      (stem.endsWith('i') && folded === `${stem.slice(0, -1)}y`),
  );
}

/** Of "ations": longer than that is another word that begins alike. */
const ENDING_CHARS = 6;

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
