/**
 * What others are shown of an author: the first name and the first letter of the last. Nobody who reviews something has
 * agreed to stand there with their full name.
 */
const MOST_CHARS = 30;

export function shownName(name: string): string | null {
  const [first, ...others] = name.trim().split(/\s+/u);
  if (first === undefined || first === '' || first.includes('@')) return null;
  const short = [...first].slice(0, MOST_CHARS).join('');
  const [initial] = others.at(-1) ?? '';
  return initial === undefined ? short : `${short} ${initial.toUpperCase()}.`;
}
