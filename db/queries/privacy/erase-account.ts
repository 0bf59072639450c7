import type { EraseStep } from './parts.ts';

/** First of all: from here on nobody signs in with it. The row stays, as what the books know of has its id. */
export const ACCOUNT_STEPS: readonly EraseStep[] = [
  {
    name: 'account',
    statements: [
      `update users set email = null, password_hash = null, name = '', password_at = null, email_proven_at = null,
         status = 'erased', updated_at = now()
       where id = $1 and (status <> 'erased' or email is not null or name <> '' or password_at is not null
         or email_proven_at is not null)`,
    ],
  },
  // Who signs in elsewhere is somebody new from here on.
  { name: 'identities', statements: ['delete from user_identities where user_id = $1'] },
  { name: 'sessions', statements: ['delete from sessions where user_id = $1'] },
  { name: 'apiKeys', statements: ['delete from api_keys where merchant_id = $1'] },
  { name: 'addresses', statements: ['delete from addresses where user_id = $1'] },
  { name: 'paymentMethods', statements: ['delete from payment_methods where user_id = $1'] },
  { name: 'preferences', statements: ['delete from preferences where user_id = $1'] },
  { name: 'riskFlags', statements: ['delete from risk_flags where user_id = $1'] },
  // Only applications that came to nothing: the account of a shop that sold is refused before (find-obstacles.ts).
  { name: 'shop', statements: [`delete from merchants where user_id = $1 and status in ('applied', 'declined')`] },
  {
    name: 'answers',
    statements: [`delete from idempotency_keys where scope like $1::uuid::text || ' %'`],
  },
  {
    name: 'privacyFiles',
    statements: [
      'update privacy_requests set expires_at = null where user_id = $1 and expires_at is not null',
      `update privacy_requests set state = 'withdrawn', due_at = null, done_at = now()
       where user_id = $1 and kind = 'export' and state in ('waiting', 'working')`,
      // After it: whoever writes a file writes nothing more of it.
      'delete from privacy_files where request_id in (select id from privacy_requests where user_id = $1)',
    ],
  },
];
