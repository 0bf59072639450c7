import type { TablesData } from './kinds.ts';

export const PEOPLE: TablesData = {
  users: {
    none: 'role status created_at updated_at',
    person: 'id',
    personal: 'email name password_at email_proven_at',
    secret: 'password_hash',
    ...{ exported: 'account', erased: 'account' },
  },
  sessions: {
    none: 'id expires_at ended_at ended_by',
    person: 'user_id',
    personal: 'client address created_at used_at',
    ...{ exported: 'sessions', erased: 'sessions' },
  },
  refresh_tokens: {
    none: 'session_id issued_at expires_at used_at repeats',
    secret: 'hash parent',
    ...{ notExported: 'They are keys.', erased: 'sessions' },
  },
  addresses: {
    none: 'id is_default created_at updated_at',
    person: 'user_id',
    personal: 'recipient line1 line2 city area postal_code country phone',
    ...{ exported: 'addresses', erased: 'addresses' },
  },
  payment_methods: {
    none: 'id is_default created_at',
    person: 'user_id',
    personal: 'kind brand last4',
    secret: 'provider_token',
    ...{ exported: 'paymentMethods', erased: 'paymentMethods' },
  },
  preferences: {
    none: 'updated_at',
    person: 'user_id',
    personal: 'language currency order_mails reminder_mails order_push reminder_push',
    ...{ exported: 'preferences', erased: 'preferences' },
  },
  merchants: {
    none: 'status applied_at decided_at updated_at',
    person: 'user_id decided_by',
    // Of a shop that sells or sold: who that was stands on invoices, so its account is not erased (docs/PRIVACY.md).
    personal: 'name legal_name country tax_number contact_email line1 postal_code city note',
    ...{ exported: 'shop', erased: 'shop' },
  },
  risk_flags: {
    none: 'at expires_at',
    person: 'user_id',
    personal: 'flag reason',
    ...{ exported: 'riskFlags', erased: 'riskFlags' },
  },
  user_identities: {
    none: 'id created_at',
    person: 'user_id',
    personal: 'provider issuer subject email used_at',
    ...{ exported: 'identities', erased: 'identities' },
  },
  audit_log: {
    none: 'id at actor_role action subject_kind detail',
    person: 'actor_id subject_id',
    ...{
      exported: 'auditLog',
      notErased: 'A journal of ids: nothing can be taken out of it, and nothing names anybody.',
    },
  },
  privacy_requests: {
    none: 'id kind state asked_at due_at tries refusal receipt done_at expires_at',
    person: 'user_id asked_by',
    ...{ exported: 'privacyRequests', notErased: 'The receipt of the erasure itself.' },
  },
  privacy_files: {
    none: 'request_id piece',
    personal: 'data',
    ...{ notExported: 'They are the exports.', erased: 'privacyFiles' },
  },
  api_keys: {
    none: 'id prefix scopes created_at expires_at used_at revoked_at',
    person: 'merchant_id',
    personal: 'name',
    secret: 'hash',
    ...{ exported: 'apiKeys', erased: 'apiKeys' },
  },
};
