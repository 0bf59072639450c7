/** The shop: secrets, payments, carriers, pictures, mails, sign-in elsewhere. */

import { integer, orNothing, secret, text, url } from '../kinds.ts';
import { oidcProviders } from '../oidc-providers.ts';
import { path, sender, variable } from './variable.ts';

export const SHOP_VARIABLES = {
  RECOMMENDATION_WEIGHTS: variable({
    kind: text({
      pattern: /^(?=.*[1-9])\d{1,3}(,\d{1,3}){3}$/,
      expected: 'four whole numbers like 40,30,20,10, not all 0',
    }),
    fallback: '40,30,20,10',
    about:
      'What weighs how much in recommendations: people alike, products alike, what trends, this session (docs/RECOMMENDATIONS.md).',
  }),

  RECOMMENDATION_THREADS: variable({
    kind: integer({ min: 1, max: 64, unit: 'threads' }),
    fallback: '2',
    about: 'Threads that train recommendations (docs/RECOMMENDATIONS.md), each up to one core while they train.',
  }),

  AUTH_SECRET: variable({
    kind: secret(32),
    secret: true,
    about: 'Signs the access tokens of shoppers and merchants. npm start makes one on its first run.',
  }),
  PASS_SECRET: variable({
    kind: secret(32),
    secret: true,
    about: 'Signs tickets and passes of the line. npm start makes one on its first run.',
  }),

  PAYMENT_API_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:12111',
    about:
      'The payment provider, one that speaks as https://api.stripe.com does. When set, npm start uses it and starts no local gateway.',
  }),
  PAYMENT_API_KEY: variable({
    kind: secret(16),
    secret: true,
    about: 'The secret key of our account at the payment provider.',
  }),
  PAYMENT_WEBHOOK_SECRET: variable({
    kind: secret(16),
    secret: true,
    about: 'What the payment provider signs its webhooks with.',
  }),
  PAYMENT_FALLBACK_API_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about: 'A second provider of the same kind, for payments that never reached the first. None unless set.',
  }),
  PAYMENT_FALLBACK_API_KEY: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about: 'The secret key of our account at the second provider.',
  }),
  PAYMENT_FALLBACK_WEBHOOK_SECRET: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about: 'What the second provider signs its webhooks with.',
  }),
  PAYMENT_CONCURRENCY: variable({
    kind: integer({ min: 1, max: 10_000, unit: 'calls' }),
    fallback: '64',
    about: 'Calls that may be under way at once to one payment provider, over all processes.',
  }),
  PAYMENT_RETURN_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:3000/',
    about: 'The page that a shopper comes back to from the confirmation of their bank (3-D Secure).',
  }),

  CARRIER_SECRET: variable({
    kind: orNothing(secret(16)),
    fallback: '',
    secret: true,
    about:
      'What the built-in carrier signs with what it tells of parcels (docs/FULFILMENT.md). Without it, merchants say themselves what has arrived.',
  }),

  OBJECTS_URL: variable({
    kind: orNothing(url(['http:', 'https:'])),
    fallback: '',
    about:
      'A store that speaks S3 for pictures, with its bucket as the path: https://s3.eu-central-1.amazonaws.com/pictures. Without it they are files in OBJECTS_DIR.',
  }),
  OBJECTS_REGION: variable({
    kind: text({ pattern: /^[a-z0-9-]{1,40}$/, expected: 'a region like eu-central-1' }),
    fallback: 'us-east-1',
    about: 'The region of OBJECTS_URL; where a store has none, what it wants to be signed for.',
  }),
  OBJECTS_ACCESS_KEY: variable({
    kind: orNothing(text({ pattern: /^[^\s]{1,200}$/, expected: 'an access key' })),
    fallback: '',
    secret: true,
    about: 'The access key for OBJECTS_URL.',
  }),
  OBJECTS_SECRET_KEY: variable({
    kind: orNothing(secret(8)),
    fallback: '',
    secret: true,
    about: 'The secret key for OBJECTS_URL.',
  }),
  OBJECTS_DIR: variable({
    kind: path,
    fallback: '.dropgate/objects',
    about:
      'Without OBJECTS_URL: the folder of the pictures, the same one for store and workers. npm start has it in DATA_DIR.',
  }),

  SMTP_URL: variable({
    kind: url(['smtp:', 'smtps:']),
    fallback: 'smtp://127.0.0.1:11025',
    secret: true,
    about:
      'The mail server, with user and password where it wants them. When set, npm start uses it and starts no mailbox.',
  }),
  MAIL_FROM: variable({
    kind: sender,
    fallback: 'Dropgate <notices@dropgate.example>',
    about: 'Whom mails to shoppers come from.',
  }),

  OUTGOING_SECRET: variable({
    kind: orNothing(secret(32)),
    fallback: '',
    secret: true,
    about:
      'What the secrets of merchants’ webhooks and the links to unsubscribe are made from (docs/WEBHOOKS.md); another one makes all of them invalid. Without it there are none.',
  }),
  VAPID_PRIVATE_KEY: variable({
    kind: orNothing(
      text({ pattern: /^[A-Za-z0-9_-]{43}$/, expected: 'a private key on P-256 as 43 characters of base64url' }),
    ),
    fallback: '',
    secret: true,
    about:
      'What push services know us by (docs/NOTICES.md). Browsers subscribe with its public half: another one loses them all. Without it there is no web push.',
  }),
  STORE_PUBLIC_URL: variable({
    kind: url(['http:', 'https:']),
    fallback: 'http://127.0.0.1:3000',
    about: 'The address of the store as shoppers see it, for links in mails.',
  }),

  OIDC_PROVIDERS: variable({
    kind: oidcProviders(),
    fallback: '',
    secret: true,
    about:
      'Where else people may sign in, as JSON: [{"name":"google","issuer":"https://accounts.google.com","clientId":"…","clientSecret":"…"}] (docs/STORE.md). Their redirect address is STORE_PUBLIC_URL/api/v1/auth/oidc/NAME/callback.',
  }),
} as const;
