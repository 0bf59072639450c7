/** Two small pages, in the language of their reader. A token has only letters, digits, dots and the like. */
const WORDS = {
  en: {
    title: 'Reminders',
    ask: 'Do you want no more reminders by mail? Mails about your orders still come.',
    button: 'No more reminders',
    done: 'Done. You get no more reminders by mail.',
  },
  de: {
    title: 'Erinnerungen',
    ask: 'Möchten Sie keine Erinnerungen per E-Mail mehr? E-Mails zu Ihren Bestellungen kommen weiterhin.',
    button: 'Keine Erinnerungen mehr',
    done: 'Erledigt. Sie bekommen keine Erinnerungen per E-Mail mehr.',
  },
} as const;

type Language = keyof typeof WORDS;

export function askPage(language: string, token: string): string {
  const { ask, button } = wordsOf(language);
  const form = `<form method="post" action="?token=${encodeURIComponent(token)}"><button>${button}</button></form>`;
  return pageOf(language, `<p>${ask}</p>${form}`);
}

export function donePage(language: string): string {
  return pageOf(language, `<p>${wordsOf(language).done}</p>`);
}

function wordsOf(language: string): (typeof WORDS)[Language] {
  return WORDS[language.startsWith('de') ? 'de' : 'en'];
}

function pageOf(language: string, content: string): string {
  const { title } = wordsOf(language);
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">';
  return `<!doctype html><html lang="${language.startsWith('de') ? 'de' : 'en'}"><head>${head}<title>${title}</title></head><body><main><h1>${title}</h1>${content}</main></body></html>`;
}
