/** The page on which a shopper confirms a payment, in the place of their bank's. */
import type { Intent } from './book.ts';

export function renderBankPage(intent: Intent): string {
  const { status } = intent.phase;
  const action = `/_bank/${intent.id}`;
  const body =
    status === 'requires_action'
      ? `<p>Pay <strong>${intent.amount} ${escapeHtml(intent.currency.toUpperCase())}</strong> (minor units)?</p>
<form method="post" action="${action}/complete"><button>Complete</button></form>
<form method="post" action="${action}/fail"><button>Fail</button></form>`
      : `<p>This payment is ${escapeHtml(status.replaceAll('_', ' '))}. There is nothing to confirm.</p>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Your bank (local gateway)</title>
<style>body{font:1.1rem system-ui;max-width:28rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 2rem;margin:.5rem 0}</style>
<h1>Your bank</h1>
${body}
<p><small>Dropgate's local payment gateway. No real money moves here.</small></p>
</html>
`;
}

/** Back to the shop, with what Stripe adds; without a shop to go back to, the page itself tells. */
export function whereToGo(intent: Intent, outcome: 'succeeded' | 'failed'): string {
  if (intent.returnUrl === undefined || !URL.canParse(intent.returnUrl)) return `/_bank/${intent.id}`;
  const url = new URL(intent.returnUrl);
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('redirect_status', outcome);
  return url.href;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
