/**
 * Whose account a person of another provider has. Decided so:
 *
 * - Known is who comes with the same issuer and subject. A mail address is no name: it changes hands.
 * - Who is new gets an account of their own, with the mail address if the provider verified it and nobody has it yet.
 * - Where an account has that address already, it is not given to them: nobody here checks the address of who registers,
 *   so it may be somebody else who did, waiting for its owner to bring their orders. They sign in and connect the two.
 * - Unless both sides are proved: the account's address by a provider whose word counts (`provesMail`), and now again.
 *   Only for shoppers: what may do more is connected by hand.
 */
import { LIMITS } from '../../contracts/limits.ts';
import type { StoredUser } from '../../db/queries/find-user.ts';
import {
  deleteIdentity,
  findIdentity,
  findOwnerOfMail,
  insertIdentity,
  insertPerson,
  listIdentities,
  lockUser,
  proveMail,
  touchIdentity,
} from '../../db/queries/identities.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';
import type { Proved } from './pending.ts';

type Parts = Pick<StoreServices, 'database' | 'nextId' | 'clock' | 'oidc'>;

/** Two that come at once for the first time: the second finds what the first made. */
const TRIES = 3;

export async function accountOf(parts: Parts, proved: Proved): Promise<StoredUser> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const user = await withTransaction(parts.database, (client) => findOrMake(client, parts, proved)).catch(
      nobodyIfLate,
    );
    if (user === undefined) continue;
    if (user.status !== 'active') throw new Refusal('ACCOUNT_BLOCKED');
    return user;
  }
  throw new Refusal('BUSY');
}

/** Undoes what was made for somebody who is there by now. */
class CameSecond extends Error {}

function nobodyIfLate(error: unknown): undefined {
  if (!(error instanceof CameSecond)) throw error;
  return undefined;
}

async function findOrMake(client: DatabaseClient, parts: Parts, proved: Proved): Promise<StoredUser> {
  const now = new Date(parts.clock.now());
  const known = await findIdentity(client, proved);
  if (known !== undefined) {
    const user = await lockUser(client, known.userId);
    if (user === undefined) throw new CameSecond();
    if (user.status === 'active') await touchIdentity(client, known.id, proved.email, now);
    return user;
  }
  const email = proved.isEmailVerified ? proved.email : null;
  const isProof = parts.oidc.byName(proved.provider).provesMail;
  const owner = email === null ? undefined : await findOwnerOfMail(client, email);
  if (owner !== undefined) {
    const isSafe = isProof && owner.isMailProven && owner.role === 'shopper';
    if (!isSafe) throw new Refusal('SIGN_IN_FIRST');
    await connect(client, parts, owner.id, proved);
    return owner;
  }
  const person = { id: parts.nextId(), email, name: proved.name, provenAt: email !== null && isProof ? now : null };
  const made = await insertPerson(client, person);
  if (made === undefined) throw new CameSecond();
  await connect(client, parts, made.id, proved);
  return made;
}

async function connect(
  client: DatabaseClient,
  { nextId, clock }: Parts,
  userId: string,
  proved: Proved,
): Promise<void> {
  const { provider, issuer, subject, email } = proved;
  const identity = { id: nextId(), userId, provider, issuer, subject, email, now: new Date(clock.now()) };
  if (!(await insertIdentity(client, identity))) throw new CameSecond();
}

/** By somebody who is signed in, and has just proved who they are there. */
export async function connectIdentity(parts: Parts, userId: string, proved: Proved): Promise<void> {
  const done = await withTransaction(parts.database, async (client) => {
    const user = await lockUser(client, userId);
    if (user?.status !== 'active') throw new Refusal('UNAUTHENTICATED');
    const known = await findIdentity(client, proved);
    if (known?.userId === userId) return true;
    if (known !== undefined) throw new Refusal('IDENTITY_TAKEN');
    if ((await listIdentities(client, userId)).length >= LIMITS.identitiesPerUser) throw new Refusal('TOO_MANY');
    await connect(client, parts, userId, proved);
    const isProof = proved.isEmailVerified && parts.oidc.byName(proved.provider).provesMail;
    if (isProof && proved.email !== null) await proveMail(client, userId, proved.email, new Date(parts.clock.now()));
    return true;
  }).catch(nobodyIfLate);
  if (done === undefined) throw new Refusal('IDENTITY_TAKEN');
}

export async function disconnectIdentity({ database }: Parts, userId: string, id: string): Promise<void> {
  await withTransaction(database, async (client) => {
    // Locked, so that of two last ways only one is taken away.
    const user = await lockUser(client, userId);
    const all = await listIdentities(client, userId);
    if (user === undefined || !all.some((one) => one.id === id)) throw new Refusal('NOT_FOUND');
    const hasPassword = user.passwordHash !== null && user.email !== null;
    if (!hasPassword && all.length === 1) throw new Refusal('LAST_WAY_IN');
    await deleteIdentity(client, userId, id);
  });
}
