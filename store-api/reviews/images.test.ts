import { createHash } from 'node:crypto';
import { request as openRequest } from 'node:http';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { PlatformError } from '../../platform/errors.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { createMemoryObjects } from '../../test/fixtures/objects.ts';
import { type Person, regular, review, sell } from '../../test/fixtures/reviewed.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';
import { eventually } from '../../test/servers/eventually.ts';

const objects = createMemoryObjects();
const store = useStore({ objects });
const db = () => store.database.pool;

const make = (width: number, height: number, background = '#a40') =>
  sharp({ create: { width, height, channels: 3, background } });

async function written() {
  const { productId } = await sell(db());
  const author = await regular(store);
  const { body } = await review(store, productId, author);
  return { id: String(valueAt(body, 'id')), author, productId };
}

const send = (id: string, { token }: Person, body: Buffer, type = 'image/jpeg') =>
  store.call('POST', `/api/v1/reviews/${id}/images`, { token, body, headers: { 'content-type': type } });
const show = (path: string, person?: Person) =>
  store.app.inject({
    url: path,
    headers: person === undefined ? {} : { authorization: `Bearer ${person.token}` },
  });

/** The head of a PNG that says it is of this size; what it would unpack to is not in it. */
function bombOf(width: number, height: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const rest = Buffer.from('0802000000', 'hex');
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crcOf(Buffer.concat([head.subarray(12), size, rest])), 0);
  return Buffer.concat([head, size, rest, crc, Buffer.from('0000000049444154', 'hex'), Buffer.alloc(64)]);
}

function crcOf(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('a picture', () => {
  it('is encoded anew in two sizes, turned the right way and without what the file says of its place', async () => {
    const { id, author, productId } = await written();
    const sent = await make(2_000, 1_000)
      .withExif({ IFD0: { Copyright: 'SECRET-PLACE' }, IFD3: { GPSLatitude: '48/1 12/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const made = await send(id, author, sent);
    expect(made.status, made.text).toBe(201);
    expect(made.body).toMatchObject({ width: 800, height: 1_600 });
    const large = await show(textAt(made.body, 'large'));
    expect(large.statusCode).toBe(200);
    expect(large.headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=604800, immutable',
      'x-content-type-options': 'nosniff',
    });
    const seen = await sharp(large.rawPayload).metadata();
    expect(seen).toMatchObject({ format: 'webp', width: 800, height: 1_600 });
    expect([seen.exif, seen.xmp, seen.iptc, seen.orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(large.rawPayload.includes('SECRET')).toBe(false);
    expect(await sharp((await show(textAt(made.body, 'small'))).rawPayload).metadata()).toMatchObject({
      width: 160,
      height: 320,
    });
    const again = await store.app.inject({
      url: textAt(made.body, 'large'),
      headers: { 'if-none-match': String(large.headers.etag) },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const { body } = await store.call('GET', `/api/v1/products/${productId}/reviews?withImages=true`);
    expect(valueAt(body, 'items', 0, 'images')).toEqual([made.body]);
  });

  it.each([
    ['image/png', async () => make(20, 20).png().toBuffer()],
    ['image/webp', async () => make(20, 20).webp().toBuffer()],
    ['image/jpeg', async () => make(20, 20).png().toBuffer()],
  ])('may be sent as %s', async (type, bytes) => {
    const { id, author } = await written();
    expect((await send(id, author, await bytes(), type)).status).toBe(201);
  });

  it.each<[string, string, () => Promise<Buffer> | Buffer, string]>([
    [
      'a drawing with a script',
      'image/png',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'IMAGE_REFUSED',
    ],
    ['a film', 'image/webp', () => Buffer.from('RIFF\x10\0\0\0AVI LIST', 'latin1'), 'IMAGE_REFUSED'],
    ['a page', 'image/jpeg', () => Buffer.from('<!doctype html><script>alert(1)</script>'), 'IMAGE_REFUSED'],
    [
      'half a picture',
      'image/jpeg',
      async () => (await make(500, 500).jpeg().toBuffer()).subarray(0, 900),
      'IMAGE_REFUSED',
    ],
    ['one of ten gigapixels', 'image/png', () => bombOf(100_000, 100_000), 'IMAGE_REFUSED'],
    [
      'one that is as long as it may be and a pixel wide',
      'image/png',
      () => make(1, 9_000).png().toBuffer(),
      'IMAGE_REFUSED',
    ],
    ['nothing', 'image/jpeg', () => Buffer.alloc(0), 'INVALID'],
    ['a file that is too large', 'image/jpeg', () => Buffer.alloc(LIMITS.imageBytes + 1, 0xff), 'TOO_LARGE'],
    ['another type', 'image/gif', () => Buffer.from('GIF89a'), 'INVALID'],
    ['a form', 'multipart/form-data; boundary=x', () => Buffer.from('--x--'), 'INVALID'],
    ['JSON', 'application/json', () => Buffer.from('{}'), 'INVALID'],
  ])('is refused as %s', async (_what, type, bytes, code) => {
    const { id, author } = await written();
    const before = objects.kept.size;
    expect((await send(id, author, await bytes(), type)).body).toMatchObject({ code });
    expect(objects.kept.size).toBe(before);
    expect((await db().query('select from review_images where review_id = $1', [id])).rowCount).toBe(0);
  });

  it('of many pixels in a small file is refused by what its head says', async () => {
    const { id, author } = await written();
    const refused = await send(id, author, bombOf(8_000, 6_000), 'image/png');
    expect(refused.body).toMatchObject({ code: 'IMAGE_REFUSED', detail: 'It has more than 40 million pixels.' });
  });

  it('is one of a few, the same one is the same, and only of one’s own review', async () => {
    const { id, author } = await written();
    const other = await store.person();
    const colours = ['#000', '#111', '#222', '#333', '#444', '#555', '#666'];
    const pictures = await Promise.all(colours.map((colour) => make(30, 30, colour).png().toBuffer()));
    const [first] = pictures;
    if (first === undefined) throw new Error('no picture');
    expect((await send(id, other, first)).status).toBe(404);
    expect((await send(newId(), author, first)).status).toBe(404);
    const made = await send(id, author, first);
    const again = await send(id, author, first);
    expect([made.status, again.status, again.body]).toEqual([201, 200, made.body]);
    for (const picture of pictures.slice(1)) await send(id, author, picture);
    const { rowCount } = await db().query('select from review_images where review_id = $1', [id]);
    expect(rowCount).toBe(LIMITS.imagesPerReview);
    expect(valueAt((await send(id, author, pictures.at(-1) ?? first)).body, 'code')).toBe('TOO_MANY');
    const gone = await store.call('DELETE', `/api/v1/reviews/${id}/images/${textAt(made.body, 'id')}`, {
      token: author.token,
    });
    expect(gone.status).toBe(204);
    expect((await show(textAt(made.body, 'large'))).statusCode).toBe(404);
  });

  it('is shown to nobody else while its review is not', async () => {
    const { id, author } = await written();
    const { body } = await send(id, author, await make(20, 20).png().toBuffer());
    await db().query(`update reviews set status = 'REJECTED' where id = $1`, [id]);
    expect((await show(textAt(body, 'large'))).statusCode).toBe(404);
    expect((await show(textAt(body, 'large'), await store.person())).statusCode).toBe(404);
    const own = await show(textAt(body, 'large'), author);
    expect([own.statusCode, own.headers['cache-control']]).toEqual([200, 'private, no-store']);
    expect((await show(textAt(body, 'large'), await store.person('support'))).statusCode).toBe(200);
  });

  it.each([
    '/api/v1/images/..%2f..%2fetc/large',
    `/api/v1/images/${newId()}/huge`,
    `/api/v1/images/${newId()}/..%2flarge`,
  ])('is not found by %s', async (path) => {
    expect([400, 404]).toContain((await show(path)).statusCode);
  });

  it('that the store does not take leaves no row that is shown, and is written down to be removed', async () => {
    const { id, author } = await written();
    const bytes = await make(20, 20, '#abc').png().toBuffer();
    objects.failure = new PlatformError('OBJECTS_UNREACHABLE', 'away', { retryable: true });
    const failed = await send(id, author, bytes);
    objects.failure = undefined;
    expect(failed.body).toMatchObject({ code: 'UNAVAILABLE' });
    expect((await db().query('select from review_images where review_id = $1', [id])).rowCount).toBe(0);
    expect(valueAt((await store.call('GET', `/api/v1/reviews/${id}`)).body, 'images')).toEqual([]);
    expect((await send(id, author, bytes)).status).toBe(201);
    await store.call('DELETE', `/api/v1/reviews/${id}`, { token: author.token });
    const { rowCount } = await db().query('select from object_removals where due_at <= now()');
    expect(rowCount).toBeGreaterThanOrEqual(2);
  });
});

describe('the same picture, sent twice at the same time', () => {
  it('stays where one of the two could not be stored', async () => {
    const { id, author } = await written();
    const bytes = await make(20, 20, '#bca').png().toBuffer();
    const [imageId, digest] = [newId(), createHash('sha256').update(bytes).digest()];
    // Begun by the first; the second, which is this call, finds it unfinished and fails after the first is done.
    await db().query('insert into review_images (id, review_id, digest) values ($1, $2, $3)', [imageId, id, digest]);
    objects.failure = new PlatformError('OBJECTS_UNREACHABLE', 'away', { retryable: true });
    objects.beforePut = async () => {
      await db().query('update review_images set is_ready = true, width = 20, height = 20, bytes = 9 where id = $1', [
        imageId,
      ]);
    };
    expect((await send(id, author, bytes)).body).toMatchObject({ code: 'UNAVAILABLE' });
    objects.failure = undefined;
    objects.beforePut = undefined;
    const { body } = await store.call('GET', `/api/v1/reviews/${id}`);
    expect(valueAt(body, 'images')).toMatchObject([{ id: imageId }]);
  });
});

describe('people who send slowly', () => {
  it('hold up only themselves', async () => {
    const [slow, other] = [await written(), await written()];
    const url = await store.app.listen({ host: '127.0.0.1', port: 0 });
    const picture = await make(20, 20).png().toBuffer();
    const sending = Array.from({ length: LIMITS.imagesArrivingOfOne + 1 }, () => sendSlowly(url, slow.id, slow.author));
    // One too many: as soon as it is refused, the others are in hand.
    expect(await Promise.race(sending.map(({ status }) => status))).toBe(503);
    expect(valueAt((await send(slow.id, slow.author, picture)).body, 'code')).toBe('BUSY');
    expect((await send(other.id, other.author, picture)).status).toBe(201);
    for (const { request } of sending) request.destroy();
    await eventually(async () => (await send(slow.id, slow.author, picture)).status < 300, { withinMs: 5_000 });
  });
});

function sendSlowly(url: string, id: string, { token }: Person) {
  const request = openRequest(`${url}/api/v1/reviews/${id}/images`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png', 'content-length': '1000' },
  });
  request.on('error', () => undefined);
  request.write('x');
  const status = new Promise<number | undefined>((resolve) => {
    request.once('response', (response) => resolve(response.resume().statusCode));
  });
  return { request, status };
}
