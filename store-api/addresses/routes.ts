import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import {
  deleteAddress,
  findAddress,
  listAddresses,
  putAddress,
  type StoredAddress,
} from '../../db/queries/addresses.ts';
import { appointDefault, clearDefault, lockPerson } from '../../db/queries/defaults.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Address, AddressForm, ById, fieldsOf } from './forms.ts';

const config = { access: SIGNED_IN };
const tags = ['addresses'];
const refusals = { 400: Problem, 401: Problem, 404: Problem } as const;

function listRoute(app: StoreApp, { database }: StoreServices): void {
  const Page = Type.Object({ items: Type.Array(Address), nextCursor: Type.Null() });
  const schema = { summary: 'One’s own addresses, the default first', tags, response: { 200: Page, 401: Problem } };
  app.get('/me/addresses', { config, schema }, async (request) => ({
    items: await listAddresses(database, callerOf(request).userId),
    nextCursor: null,
  }));
}

function getRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = { summary: 'An address of one’s own', tags, params: ById, response: { 200: Address, ...refusals } };
  app.get('/me/addresses/:id', { config, schema }, async (request, reply) => {
    const found = await findAddress(database, callerOf(request).userId, request.params.id);
    return found ?? refuse(reply, 'NOT_FOUND');
  });
}

function addRoute(app: StoreApp, { database, nextId }: StoreServices): void {
  const schema = {
    summary: 'Saves an address; the first one is the default',
    tags,
    body: AddressForm,
    response: { 201: Address, ...refusals, 409: Problem },
  };
  app.post('/me/addresses', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const saved = await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      const { length } = await listAddresses(client, userId);
      if (length >= LIMITS.addressesPerUser) throw new Refusal('TOO_MANY');
      const { isDefault = false, ...fields } = fieldsOf(request.body);
      return await put(client, userId, { id: nextId(), ...fields, isDefault: isDefault || length === 0 });
    });
    return saved === undefined ? refuse(reply, 'NOT_FOUND') : reply.code(201).send(saved);
  });
}

function replaceRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'Replaces an address',
    tags,
    params: ById,
    body: AddressForm,
    response: { 200: Address, ...refusals },
  };
  app.put('/me/addresses/:id', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const { id } = request.params;
    const saved = await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      const before = await findAddress(client, userId, id);
      if (before === undefined) return undefined;
      const { isDefault, ...fields } = fieldsOf(request.body);
      // The default stops being it only by another becoming it.
      return await put(client, userId, { id, ...fields, isDefault: isDefault === true || before.isDefault });
    });
    return saved ?? refuse(reply, 'NOT_FOUND');
  });
}

function deleteRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'Forgets an address; the newest of the others becomes the default',
    tags,
    params: ById,
    response: { 204: Type.Null(), ...refusals },
  };
  app.delete('/me/addresses/:id', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const wasThere = await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      const deleted = await deleteAddress(client, userId, request.params.id);
      await appointDefault(client, 'addresses', userId);
      return deleted;
    });
    return wasThere ? reply.code(204).send(null) : refuse(reply, 'NOT_FOUND');
  });
}

async function put(client: DatabaseClient, userId: string, address: StoredAddress): Promise<StoredAddress | undefined> {
  if (address.isDefault) await clearDefault(client, 'addresses', userId);
  return await putAddress(client, userId, address);
}

async function lockOrRefuse(client: DatabaseClient, userId: string): Promise<void> {
  if (!(await lockPerson(client, userId))) throw new Refusal('NOT_FOUND');
}

export const addressRoutes = [listRoute, getRoute, addRoute, replaceRoute, deleteRoute];
