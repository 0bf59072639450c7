/** The look of a mail: tables and inline styles, since that is what mail programs understand. */
import type { Link, Message } from './wording.ts';

const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const SOFT = 'color:#6b7280';

export function htmlOf(
  { subject, heading, paragraphs, facts, action, footer }: Message,
  greeting: string,
  lang: string,
  leave: Link | undefined,
): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td style="${SOFT};padding:4px 16px 4px 0;vertical-align:top">${escaped(label)}</td><td style="padding:4px 0;word-break:break-word">${escaped(value)}</td></tr>`,
  );
  const button =
    action === undefined
      ? ''
      : `<p style="margin:24px 0"><a href="${escaped(action.url)}" style="background:#2563eb;border-radius:6px;color:#ffffff;display:inline-block;font-weight:600;padding:12px 20px;text-decoration:none">${escaped(action.label)}</a></p>`;
  const last =
    leave === undefined ? '' : `<br><a href="${escaped(leave.url)}" style="${SOFT}">${escaped(leave.label)}</a>`;
  return `<!doctype html>
<html lang="${escaped(lang)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="background:#f3f4f6;margin:0;padding:24px 12px">
<table role="presentation" style="background:#ffffff;border-radius:8px;color:#111827;${FONT};font-size:16px;line-height:1.5;margin:0 auto;max-width:560px;width:100%"><tr><td style="padding:32px">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px;word-break:break-word">${escaped(heading)}</h1>
<p style="margin:0 0 12px">${escaped(greeting)}</p>
${paragraphs.map((paragraph) => `<p style="margin:0 0 12px">${escaped(paragraph)}</p>`).join('\n')}
<table role="presentation" style="border-collapse:collapse;font-size:15px;margin:16px 0">${rows.join('')}</table>
${button}
<p style="${SOFT};border-top:1px solid #e5e7eb;font-size:13px;margin:24px 0 0;padding-top:16px">${escaped(footer)}${last}</p>
</td></tr></table>
</body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
