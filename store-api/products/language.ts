/** Which of the texts that there are somebody reads (RFC 9110, Accept-Language). */

const MOST_LANGUAGES = 10;
const MOST_HEADER_CHARS = 300;
const ONE = /^(?<tag>[A-Za-z]{2}(?:-[A-Za-z]{2})?|\*)(?:\s*;\s*q=(?<q>[01](?:\.\d{0,3})?))?$/;

/** As a text can be stored under, the most wanted first: `de-CH` also stands for `de`. */
export function wantedLanguages(header: string | undefined): readonly string[] {
  if (header === undefined || header.length > MOST_HEADER_CHARS) return [];
  const asked = header
    .split(',')
    .slice(0, MOST_LANGUAGES)
    .flatMap((part) => {
      const groups = ONE.exec(part.trim())?.groups;
      const weight = Number(groups?.['q'] ?? 1);
      const tag = groups?.['tag'];
      return tag === undefined || tag === '*' || weight <= 0 ? [] : [{ tag, weight }];
    })
    .toSorted((a, b) => b.weight - a.weight);
  const exact = asked.map(({ tag }) => canonical(tag));
  // A language wanted as spoken somewhere is better served by another kind of it than by the next language.
  return [...new Set(exact.flatMap((tag) => [tag, tag.slice(0, 2)]))];
}

function canonical(tag: string): string {
  const [language = '', place] = tag.split('-');
  return place === undefined ? language.toLowerCase() : `${language.toLowerCase()}-${place.toUpperCase()}`;
}

export interface Texts {
  readonly title: string;
  readonly description: string;
}

/** The first wanted one that there is; otherwise what the merchant wrote. */
export function chooseTexts(
  product: Texts & { readonly language: string; readonly translations: Readonly<Record<string, Texts>> },
  wanted: readonly string[],
): Texts & { readonly language: string } {
  const own = { title: product.title, description: product.description, language: product.language };
  for (const language of wanted) {
    if (language === product.language) return own;
    const text = Object.hasOwn(product.translations, language) ? product.translations[language] : undefined;
    if (text !== undefined) return { title: text.title, description: text.description, language };
    if (language === product.language.slice(0, 2)) return own;
  }
  return own;
}
