/** Pieces of a page. What is put into a piece is escaped, unless it is a piece itself: nothing gets in by being forgotten. */

export interface Html {
  readonly text: string;
}

type Part = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce(
    (whole, string, at) => `${whole}${at === 0 ? '' : textOf(parts[at - 1] ?? null)}${string}`,
  );
  return { text };
}

export const NOTHING: Html = { text: '' };

function textOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'text' in part ? part.text : part.map(({ text }) => text).join('');
}

/** For what is put together as text. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
