import { describe, expect, it } from 'vitest';
import { isNoticeTemplate } from '../../contracts/notices.ts';
import { type Person, praise, regular, review, sell } from '../../test/fixtures/reviewed.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const db = () => store.database.pool;
const get = (path: string, person?: Person) => store.call('GET', `/api/v1${path}`, { token: person?.token });
const post = (path: string, person: Person, body: unknown) =>
  store.call('POST', `/api/v1${path}`, { token: person.token, body });
const spam = {
  title: 'CLICK HERE',
  text: 'Cheap at https://casino.example and www.casino.example and casino.shop NOW!!!!!!!',
};

async function written(changes: Readonly<Record<string, unknown>> = {}) {
  const { productId } = await sell(db());
  const author = await regular(store);
  const { body } = await review(store, productId, author, changes);
  return { id: String(valueAt(body, 'id')), status: String(valueAt(body, 'status')), author, productId };
}

async function queued(admin: Person, id: string) {
  const { body } = await get('/admin/reviews?limit=50', admin);
  return listAt(body, 'items').find((one) => textAt(one, 'id') === id);
}

/** As a moderator who has read what there is now. */
async function decide(admin: Person, id: string, decision: 'publish' | 'reject', note?: string) {
  const version = valueAt((await get(`/reviews/${id}`, admin)).body, 'version');
  return await post(`/admin/reviews/${id}/decide`, admin, {
    decision,
    version,
    ...(note === undefined ? {} : { note }),
  });
}

async function mails(userId: string) {
  const { rows } = await db().query<{ payload: string }>(`select payload from outbox where key = $1`, [userId]);
  return rows.map(({ payload }) => JSON.parse(payload).data);
}

describe('a review that looks like spam', () => {
  it('waits unseen, is explained to moderators, and is published by one who is on record', async () => {
    const { id, status, author, productId } = await written(spam);
    expect(status).toBe('PENDING');
    expect((await get(`/reviews/${id}`)).status).toBe(404);
    expect((await get(`/reviews/${id}`, await store.person())).status).toBe(404);
    expect(valueAt((await get(`/reviews/${id}`, author)).body, 'status')).toBe('PENDING');
    expect(valueAt((await get(`/products/${productId}/reviews`)).body, 'items')).toEqual([]);

    const admin = await store.person('admin');
    const waiting = await queued(admin, id);
    expect(waiting).toMatchObject({ queuedFor: 'spam', authorId: author.userId });
    expect(listAt(waiting, 'signals').map((one) => textAt(one, 'signal'))).toEqual(
      expect.arrayContaining(['link', 'several-links', 'advertising', 'not-bought']),
    );
    const sum = listAt(waiting, 'signals').reduce<number>((all, one) => all + numberAt(one, 'points'), 0);
    expect(valueAt(waiting, 'points')).toBe(sum);

    expect((await decide(admin, id, 'publish')).status).toBe(204);
    expect(valueAt((await get(`/reviews/${id}`)).body, 'status')).toBe('PUBLISHED');
    expect(await queued(admin, id)).toBeUndefined();
    const { rows } = await db().query('select actor_id, action from audit_log where subject_id = $1', [id]);
    expect(rows).toEqual([{ actor_id: admin.userId, action: 'review.publish' }]);
    const [mail, ...more] = await mails(author.userId);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ template: 'review-decided', values: { decision: 'publish', title: 'Sneaker' } });
    expect(isNoticeTemplate(mail.template)).toBe(true);
    const again = await decide(admin, id, 'publish');
    expect(valueAt(again.body, 'code')).toBe('STEP_REFUSED');
  });

  it('is rejected with a reason, which its author reads, and comes back only through a moderator', async () => {
    const { id, author, productId } = await written(spam);
    const support = await store.person('support');
    expect(valueAt((await decide(support, id, 'reject')).body, 'code')).toBe('INVALID');
    expect((await decide(support, id, 'reject', 'It is an advertisement.')).status).toBe(204);
    const own = valueAt((await get('/me/reviews', author)).body, 'items', 0);
    expect(own).toMatchObject({ status: 'REJECTED', note: 'It is an advertisement.' });
    expect((await mails(author.userId))[0].values).toMatchObject({ decision: 'reject', note: valueAt(own, 'note') });

    const honest = await store.call('PUT', `/api/v1/reviews/${id}`, { token: author.token, body: praise() });
    expect(valueAt(honest.body, 'status')).toBe('PENDING');
    expect(valueAt(await queued(support, id), 'signals')).toContainEqual({ signal: 'rejected-before', points: 20 });
    await store.call('DELETE', `/api/v1/reviews/${id}`, { token: author.token });
    const anew = await review(store, productId, author);
    expect(valueAt(anew.body, 'status')).toBe('PENDING');
  });

  it('is decided by somebody else, where a moderator has written it', async () => {
    const support = await store.person('support');
    const { productId } = await sell(db());
    const { body } = await review(store, productId, support, spam);
    expect(valueAt(body, 'status')).toBe('PENDING');
    expect(valueAt((await decide(support, textAt(body, 'id'), 'publish')).body, 'code')).toBe('OWN_REVIEW');
    expect((await get(`/reviews/${textAt(body, 'id')}`)).status).toBe(404);
  });

  it('is not published in other words than the moderator has read', async () => {
    const { id, author } = await written(spam);
    const admin = await store.person('admin');
    const version = valueAt(await queued(admin, id), 'version');
    await store.call('PUT', `/api/v1/reviews/${id}`, {
      token: author.token,
      body: praise({ text: 'Something else.' }),
    });
    const decided = await post(`/admin/reviews/${id}/decide`, admin, { decision: 'publish', version });
    expect(valueAt(decided.body, 'code')).toBe('VERSION_STALE');
    expect((await get(`/reviews/${id}`)).status).toBe(404);
  });

  it('is the same text by many, or very many by one', async () => {
    const text = 'An excellent product with fast delivery, recommended.';
    const statuses: string[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await written({ text })).status);
    expect(statuses[0]).toBe('PUBLISHED');
    expect(statuses.at(-1)).toBe('PENDING');
    const author = await regular(store);
    let last = '';
    for (let count = 0; count < 17; count += 1) {
      const { productId } = await sell(db());
      last = textAt((await review(store, productId, author)).body, 'status');
    }
    expect(last).toBe('PENDING');
  });
});

describe('votes', () => {
  it('are one for each person, changed and taken back, and never of one’s own', async () => {
    const { id, author } = await written();
    const voter = await store.person();
    const count = async () => {
      const { rows } = await db().query('select is_helpful from review_votes where review_id = $1', [id]);
      return rows.map((one) => one.is_helpful);
    };
    const say = (isHelpful: boolean, who: Person = voter) => post(`/reviews/${id}/votes`, who, { isHelpful });
    expect(valueAt((await say(true, author)).body, 'code')).toBe('OWN_REVIEW');
    const all = await Promise.all([say(true), say(true), say(true), say(false)]);
    expect(all.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(await count()).toHaveLength(1);
    await say(false);
    expect(await count()).toEqual([false]);
    const back = () => store.call('DELETE', `/api/v1/reviews/${id}/votes`, { token: voter.token });
    expect([(await back()).status, (await back()).status]).toEqual([204, 404]);
    expect(await count()).toEqual([]);
    const { id: held } = await written(spam);
    expect((await post(`/reviews/${held}/votes`, voter, { isHelpful: true })).status).toBe(404);
  });
});

describe('flags', () => {
  it('bring a review back before a moderator when enough people set one, and only once by the same people', async () => {
    const { id, author } = await written();
    const admin = await store.person('admin');
    const people = await Promise.all(Array.from({ length: 3 }, () => store.person()));
    const flag = (who: Person, reason = 'offensive') => post(`/reviews/${id}/flags`, who, { reason, note: 'Look!' });
    expect(valueAt((await flag(author)).body, 'code')).toBe('OWN_REVIEW');
    for (const who of [people[0], people[0], people[1]]) if (who !== undefined) await flag(who);
    expect(await queued(admin, id)).toBeUndefined();
    expect((await flag(people[2] ?? author, 'fake')).status).toBe(204);
    const waiting = await queued(admin, id);
    expect(waiting).toMatchObject({ queuedFor: 'flags', status: 'PUBLISHED' });
    expect(valueAt(waiting, 'flags')).toHaveLength(3);
    expect((await get(`/reviews/${id}`)).status).toBe(200);
    expect((await get('/admin/reviews?reason=spam&limit=50', admin)).text).not.toContain(id);

    expect((await decide(admin, id, 'publish')).status).toBe(204);
    expect(await mails(author.userId)).toEqual([]);
    for (const who of people) await flag(who);
    expect(await queued(admin, id)).toBeUndefined();
    const others = await Promise.all(Array.from({ length: 3 }, () => store.person()));
    await Promise.all(others.map((who) => flag(who)));
    expect(await queued(admin, id)).toBeDefined();
    await decide(admin, id, 'reject', 'It insults people.');
    expect((await get(`/reviews/${id}`)).status).toBe(404);
  });

  it('are not outrun by an author who changes the words: they are not shown before they were read', async () => {
    const { id, author } = await written();
    for (let count = 0; count < 3; count += 1) {
      await post(`/reviews/${id}/flags`, await store.person(), { reason: 'offensive' });
    }
    const put = () => store.call('PUT', `/api/v1/reviews/${id}`, { token: author.token, body: praise() });
    expect(valueAt((await put()).body, 'status')).toBe('PENDING');
    expect((await get(`/reviews/${id}`)).status).toBe(404);
    const admin = await store.person('admin');
    expect(await queued(admin, id)).toMatchObject({ queuedFor: 'flags', status: 'PENDING' });
    expect((await decide(admin, id, 'publish')).status).toBe(204);
    expect(valueAt((await put()).body, 'status')).toBe('PUBLISHED');
  });

  it('are not left behind by who deletes the review and writes it again', async () => {
    const { id, author, productId } = await written();
    for (let count = 0; count < 3; count += 1) {
      await post(`/reviews/${id}/flags`, await store.person(), { reason: 'offensive' });
    }
    await store.call('DELETE', `/api/v1/reviews/${id}`, { token: author.token });
    const anew = await review(store, productId, author);
    expect(valueAt(anew.body, 'status')).toBe('PENDING');
    const waiting = await queued(await store.person('admin'), textAt(anew.body, 'id'));
    expect(waiting).toMatchObject({ signals: expect.arrayContaining([{ signal: 'second-try', points: 50 }]) });
    // Nobody has said that it was bad: what they write of other things is not touched by it.
    const { productId: other } = await sell(db());
    const elsewhere = await review(store, other, author);
    expect(valueAt(elsewhere.body, 'status')).toBe('PUBLISHED');
    // What did not wait may be taken back and written again.
    await store.call('DELETE', `/api/v1/reviews/${textAt(elsewhere.body, 'id')}`, { token: author.token });
    expect(valueAt((await review(store, other, author)).body, 'status')).toBe('PUBLISHED');
  });

  it('shows the queue page by page, the longest waiting first', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await written(spam)).id);
    // Some came at the very same moment.
    await db().query(`update reviews set queued_at = '2001-01-01' where id = any ($1)`, [ids]);
    const admin = await store.person('admin');
    const found: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await get(`/admin/reviews?limit=1${cursor}`, admin);
      found.push(...listAt(body, 'items').map((one) => textAt(one, 'id')));
      cursor = `&cursor=${textAt(body, 'nextCursor')}`;
    }
    expect(found).toEqual(ids.toSorted());
    expect(valueAt((await get('/admin/reviews?cursor=1.2', admin)).body, 'code')).toBe('INVALID');
    expect((await get('/admin/reviews', await store.person())).status).toBe(403);
  });
});
