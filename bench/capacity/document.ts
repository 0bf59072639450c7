/** The tables of docs/CAPACITY.md: made here, between two comments each, so that nobody copies figures by hand. */

export type Part = 'plan' | 'check';

/** Undefined where the document has no place for it. */
export function withPart(document: string, part: Part, markdown: string): string | undefined {
  const [begin, end] = [`<!-- ${part}: npm run capacity -- --write -->`, `<!-- end of ${part} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${document.slice(0, from + begin.length)}\n${markdown}\n${document.slice(to)}`;
}
