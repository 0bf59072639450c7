/** The pages of the mailbox. What mails say is somebody else's: all of it is escaped, their HTML lives in a sandbox. */
import { BOUNDS } from './bounds.ts';
import type { Mail } from './box.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #777; --mark: #2563eb; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem; }
header { display: flex; gap: 1rem; align-items: center; justify-content: space-between; flex-wrap: wrap; }
h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p.soft, .soft { color: var(--soft); }
table { border-collapse: collapse; margin-top: 1rem; table-layout: fixed; width: 100%; }
th { color: var(--soft); font-size: .8rem; font-weight: 500; }
th, td { border-bottom: 1px solid var(--line); overflow: hidden; padding: .5rem .5rem .5rem 0; text-align: left; text-overflow: ellipsis; vertical-align: top; white-space: nowrap; }
td.wrap { overflow-wrap: anywhere; white-space: normal; }
a { color: var(--mark); } td a { font-weight: 600; text-decoration: none; }
button { background: none; border: 1px solid var(--line); border-radius: .4rem; color: inherit; cursor: pointer; font: inherit; padding: .3rem .8rem; }
iframe { background: #fff; border: 1px solid var(--line); border-radius: .4rem; height: 34rem; width: 100%; }
pre { background: #8881; border-radius: .4rem; margin: 0; overflow-wrap: anywhere; padding: .8rem; white-space: pre-wrap; }
.empty { border: 1px dashed var(--line); border-radius: .6rem; margin-top: 2rem; padding: 3rem 1rem; text-align: center; }
@media (max-width: 40rem) { .from { display: none; } }`;

/** Looks again by itself and changes only what is new, so that nobody is thrown out of what they read. */
const REFRESH = `
setInterval(async () => {
  try {
    const text = await (await fetch('/')).text();
    const fresh = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
    const main = document.querySelector('main');
    if (fresh !== null && main.innerHTML !== fresh.innerHTML) main.replaceWith(fresh);
  } catch {}
}, ${BOUNDS.refreshMs});`;

export function listPage(mails: readonly Mail[], nonce: string): string {
  const rows = mails.map(
    (mail) => `<tr><td><a href="/mails/${escaped(mail.id)}">${escaped(mail.subject || '(no subject)')}</a></td>
<td>${escaped(mail.to.join(', '))}</td><td class="from">${escaped(mail.from)}</td><td>${time(mail.at)}</td></tr>`,
  );
  const table = `<table><colgroup><col width="42%"><col><col class="from"><col width="170"></colgroup>
<thead><tr><th>Subject</th><th>To</th><th class="from">From</th><th>Caught (UTC)</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const empty = `<div class="empty"><p><strong>No mail yet.</strong></p>
<p class="soft">What Dropgate sends to shoppers ends here and goes no further. This page looks for new mails by itself.</p></div>`;
  const remove = `<form method="post" action="/delete"><button>Delete all</button></form>`;
  const count = mails.length === 1 ? '1 mail' : `${mails.length} mails`;
  const main = `<main><header><h1>Mailbox <span class="soft">${mails.length === 0 ? '' : count}</span></h1>${mails.length === 0 ? '' : remove}</header>
${mails.length === 0 ? empty : table}
${mails.length < BOUNDS.mails ? '' : `<p class="soft">Only the last ${BOUNDS.mails} mails are kept.</p>`}</main>`;
  return page('Mailbox', `${main}<script nonce="${nonce}">${REFRESH}</script>`, nonce);
}

export function mailPage(mail: Mail, nonce: string): string {
  const headers = mail.headers.map(
    ({ key, value }) => `<tr><td>${escaped(key)}</td><td class="wrap">${escaped(value)}</td></tr>`,
  );
  const html = `<h2>HTML</h2><iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${escaped(mail.id)}/html"></iframe>`;
  return page(
    mail.subject,
    `<main><p><a href="/">← All mails</a></p><header><h1>${escaped(mail.subject || '(no subject)')}</h1></header>
<p class="soft">To ${escaped(mail.to.join(', '))} · from ${escaped(mail.from)} · ${time(mail.at)} UTC · ${mail.bytes} bytes</p>
${mail.html === '' ? '<p class="soft">This mail has no HTML.</p>' : html}
<h2>Text</h2><pre>${escaped(mail.text)}</pre>
<h2>Headers</h2><table><colgroup><col width="180"><col></colgroup><tbody>${headers.join('')}</tbody></table></main>`,
    nonce,
  );
}

export function goneMailPage(nonce: string): string {
  const text = 'This mail is not here (any more): only the last ones are kept.';
  return page('Mailbox', `<main><div class="empty"><p>${text}</p><p><a href="/">All mails</a></p></div></main>`, nonce);
}

/** The frame has no scripts and no forms; links open beside it. */
export function framedHtml(mail: Mail): string {
  return `<!doctype html><meta charset="utf-8"><base target="_blank">${mail.html}`;
}

function page(title: string, body: string, nonce: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style nonce="${nonce}">${STYLE}</style></head><body>${body}</body></html>`;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
