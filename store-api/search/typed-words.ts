/** The words of what somebody typed: at most so many, each without the signs around it. */
const EDGE_SIGNS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

export function wordsOf(text: string, most: number): string[] {
  return text
    .normalize('NFC')
    .split(/[\s,;/|&()"<>!:*\\]+/u)
    .map((word) => word.replaceAll(EDGE_SIGNS, '').toLowerCase())
    .filter((word) => word !== '')
    .slice(0, most);
}

/** Runs of up to `longest` words, as "coffee", "coffee maker": what can be a term of a synonym. */
export function runsOf(words: readonly string[], longest: number): { from: number; length: number; term: string }[] {
  return words.flatMap((_, from) =>
    Array.from({ length: Math.min(longest, words.length - from) }, (_, index) => ({
      from,
      length: index + 1,
      term: words.slice(from, from + index + 1).join(' '),
    })),
  );
}
