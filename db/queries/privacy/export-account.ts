import type { ExportPart } from './parts.ts';

export const ACCOUNT_PARTS: readonly ExportPart[] = [
  {
    name: 'account',
    text: `
      select id, email, name, role, status, created_at as "createdAt", password_at as "passwordChangedAt",
        email_proven_at as "emailProvenAt"
      from users where id = $1`,
  },
  {
    name: 'shop',
    text: `
      select name, legal_name as "legalName", country, tax_number as "taxNumber", contact_email as "contactEmail", line1,
        postal_code as "postalCode", city, status, note, applied_at as "appliedAt", decided_at as "decidedAt"
      from merchants where user_id = $1`,
  },
  {
    name: 'addresses',
    text: `
      select id, recipient, line1, line2, city, area, postal_code as "postalCode", country, phone,
        is_default as "isDefault", created_at as "createdAt", updated_at as "updatedAt"
      from addresses where user_id = $1 order by id`,
  },
  {
    name: 'paymentMethods',
    text: `
      select id, kind, brand, last4, is_default as "isDefault", created_at as "createdAt"
      from payment_methods where user_id = $1 order by id`,
  },
  {
    name: 'preferences',
    text: `
      select language, currency, order_mails as "orderMails", reminder_mails as "reminderMails",
        order_push as "orderPush", reminder_push as "reminderPush", updated_at as "updatedAt"
      from preferences where user_id = $1`,
  },
  {
    name: 'sessions',
    text: `
      select id, client, address, created_at as "createdAt", used_at as "usedAt", expires_at as "expiresAt",
        ended_at as "endedAt", ended_by as "endedBy"
      from sessions where user_id = $1 order by id`,
  },
  {
    name: 'identities',
    text: `
      select provider, issuer, subject, email, created_at as "createdAt", used_at as "usedAt"
      from user_identities where user_id = $1 order by id`,
  },
  {
    name: 'riskFlags',
    text: 'select flag, reason, at, expires_at as "until" from risk_flags where user_id = $1 order by flag',
  },
  {
    name: 'apiKeys',
    text: `
      select id, name, prefix, scopes, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt",
        revoked_at as "revokedAt"
      from api_keys where merchant_id = $1 order by id`,
  },
  {
    name: 'privacyRequests',
    text: `
      select id, kind, state, (asked_by is not distinct from user_id) as "askedByThemselves", asked_at as "askedAt", done_at as "doneAt", refusal
      from privacy_requests where user_id = $1 order by id`,
  },
  {
    // Who else acted is somebody else's business: their role is told.
    name: 'auditLog',
    text: `
      select at, case when actor_id = $1::uuid then 'you' else actor_role::text end as "actor", action,
        subject_kind as "subjectKind", subject_id as "subjectId"
      from audit_log where subject_id = $1::uuid::text or actor_id = $1::uuid order by id`,
  },
];
