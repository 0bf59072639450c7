/** Providers of mail addresses that are used once and thrown away: those that are met most. A hint, never a verdict. */
const DOMAINS: ReadonlySet<string> = new Set([
  ...[
    '10minutemail.com',
    '10minutemail.net',
    '20minutemail.com',
    'discard.email',
    'discardmail.com',
    'dispostable.com',
  ],
  ...[
    'emailondeck.com',
    'fakeinbox.com',
    'fakemail.net',
    'getairmail.com',
    'getnada.com',
    'grr.la',
    'guerrillamail.biz',
  ],
  ...['guerrillamail.com', 'guerrillamail.net', 'guerrillamail.org', 'inboxkitten.com', 'mailcatch.com', 'maildrop.cc'],
  ...[
    'mailinator.com',
    'mailnesia.com',
    'mailnull.com',
    'mintemail.com',
    'mohmal.com',
    'mytemp.email',
    'sharklasers.com',
  ],
  ...[
    'spambog.com',
    'spamgourmet.com',
    'temp-mail.io',
    'temp-mail.org',
    'tempail.com',
    'tempinbox.com',
    'tempmail.com',
  ],
  ...[
    'throwawaymail.com',
    'trash-mail.com',
    'trashmail.com',
    'trashmail.de',
    'wegwerfmail.de',
    'yopmail.com',
    'yopmail.fr',
  ],
]);

/** Null where there is no mail address. */
export function isDisposable(domain: string | null): boolean | null {
  return domain === null || domain === '' ? null : DOMAINS.has(domain.toLowerCase());
}
