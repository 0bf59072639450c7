import { newId } from '../../fixtures/drop.ts';
import { create, type OwnThing, type WalkEntries } from './walk.ts';

const home = { recipient: 'Ada', line1: '1 Analytical Way', city: 'London', country: 'GB' };
const card = { kind: 'card', token: 'pm_walk', brand: 'visa', last4: '4242' };

const address: OwnThing = {
  make: async (stage) => ({ id: await create(stage, 'POST', '/api/v1/me/addresses', home) }),
};
const method: OwnThing = {
  make: async (stage) => ({ id: await create(stage, 'POST', '/api/v1/me/payment-methods', card) }),
};

export const entries: WalkEntries = {
  'POST /api/v1/auth/logout-everywhere': 'self',
  'GET /api/v1/me': 'self',
  'PATCH /api/v1/me': 'self',
  'PUT /api/v1/me/password': 'self',
  'GET /api/v1/me/sessions': 'self',
  'DELETE /api/v1/me/sessions/{id}': {
    make: async ({ store, owner }) => {
      const id = owner.userId;
      await store.database.pool.query(
        `insert into sessions (id, user_id, expires_at) values ($1, $1, now() + interval '1 day')`,
        [id],
      );
      return { id };
    },
  },
  'GET /api/v1/me/identities': 'self',
  // It takes a code that its owner came back with (store-api/oidc/oidc.test.ts).
  'POST /api/v1/me/identities': 'self',
  'DELETE /api/v1/me/identities/{id}': {
    make: async ({ store, owner }) => {
      const id = newId();
      await store.database.pool.query(
        `insert into user_identities (id, user_id, provider, issuer, subject)
         values ($1::uuid, $2, 'one', 'https://one.example', $1::uuid::text), (uuidv7(), $2, 'two', 'https://two.example', $1::uuid::text)`,
        [id, owner.userId],
      );
      return { id };
    },
  },
  'GET /api/v1/me/addresses': 'self',
  'POST /api/v1/me/addresses': 'self',
  'GET /api/v1/me/addresses/{id}': address,
  'PUT /api/v1/me/addresses/{id}': { ...address, body: home },
  'DELETE /api/v1/me/addresses/{id}': address,
  'GET /api/v1/me/payment-methods': 'self',
  'POST /api/v1/me/payment-methods': 'self',
  'DELETE /api/v1/me/payment-methods/{id}': method,
  'PUT /api/v1/me/payment-methods/{id}/default': method,
  'GET /api/v1/me/preferences': 'self',
  'PATCH /api/v1/me/preferences': 'self',
  'GET /api/v1/me/api-keys': 'self',
  'POST /api/v1/me/api-keys': 'self',
  'DELETE /api/v1/me/api-keys/{id}': {
    role: 'merchant',
    make: async (stage) => ({
      id: await create(stage, 'POST', '/api/v1/me/api-keys', { name: 'Till', scopes: ['orders:read'] }),
    }),
  },
  'POST /api/v1/me/export': 'self',
  'POST /api/v1/me/erase': 'self',
  'DELETE /api/v1/me/erase': 'self',
  'GET /api/v1/me/privacy-requests': 'self',
  'GET /api/v1/me/privacy-requests/{id}/file': {
    make: async ({ store, owner }) => {
      const { pool } = store.database;
      await pool.query(
        `insert into privacy_requests (id, user_id, kind, state, asked_at, done_at, expires_at)
         values ($1::uuid, $1::uuid, 'export', 'done', now(), now(), now() + interval '1 day')`,
        [owner.userId],
      );
      await pool.query(`insert into privacy_files (request_id, piece, data) values ($1, 0, '{}')`, [owner.userId]);
      return { id: owner.userId };
    },
  },
  'POST /api/v1/users/{id}/privacy-requests': 'staff',
  'GET /api/v1/users/{id}/privacy-requests': 'staff',
  'DELETE /api/v1/users/{id}/privacy-requests/erasure': 'staff',
  'GET /api/v1/users': 'staff',
  'GET /api/v1/users/{id}': { make: async ({ owner }) => ({ id: owner.userId }) },
  'PUT /api/v1/users/{id}/block': 'staff',
  'PUT /api/v1/users/{id}/unblock': 'staff',
  'PUT /api/v1/users/{id}/role': 'staff',
  'GET /api/v1/audit-log': 'staff',
};
