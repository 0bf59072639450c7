/**
 * Pictures that strangers send, as what may be shown to others: decoded and encoded anew, so that nothing of the file itself
 * is handed on (where it was taken, whatever else is hidden in it), and no larger than it is shown.
 */
import sharp from 'sharp';
import { LIMITS } from '../../contracts/limits.ts';
import { Refusal } from '../plugins/problems.ts';

export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const PICTURE_SIZES = ['small', 'large'] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];
export const PICTURE_TYPE = 'image/webp';

const SIDES = { small: 320, large: 1_600 } as const;
const QUALITY = { small: 75, large: 82 } as const;

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly sizes: Readonly<Record<PictureSize, Buffer>>;
}

// Two pictures at once are enough for one process; each of them in one thread, and none kept for a next time.
sharp.cache(false);
sharp.concurrency(1);

/** What the first bytes say: the library would read many more kinds of files, such as SVG and PDF, if it were let. */
function isPicture(bytes: Buffer): boolean {
  const begins = (...first: readonly number[]) => first.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return true;
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return true;
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';
}

export async function readPicture(bytes: Buffer): Promise<Picture> {
  if (!isPicture(bytes)) throw refused('It is no JPEG, PNG or WebP.');
  // Only the head of the file is read for this: what would be too large is refused before it is unpacked.
  const { width, height } = await headOf(bytes);
  if (width * height > LIMITS.imagePixels)
    throw refused(`It has more than ${LIMITS.imagePixels / 1e6} million pixels.`);
  if (Math.min(width, height) < LIMITS.imageLeastSide) throw refused('It is too small to show anything.');
  const large = await encode(bytes, 'large');
  const small = await encode(large.data, 'small');
  return { width: large.info.width, height: large.info.height, sizes: { small: small.data, large: large.data } };
}

const open = (bytes: Buffer, limitInputPixels: number | false = LIMITS.imagePixels) =>
  sharp(bytes, { limitInputPixels, failOn: 'error', pages: 1 });

async function headOf(bytes: Buffer): Promise<{ readonly width: number; readonly height: number }> {
  // Without the limit only here, where nothing is unpacked: to say what is wrong.
  const head = await readable(open(bytes, false).metadata());
  if (head.format !== 'jpeg' && head.format !== 'png' && head.format !== 'webp') throw refused('It is something else.');
  return head;
}

/** Turned as the camera says; without its metadata, which is what the library does unless it is asked to keep some. */
async function encode(bytes: Buffer, size: PictureSize) {
  const side = SIDES[size];
  return await readable(
    open(bytes)
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY[size] })
      .toBuffer({ resolveWithObject: true }),
  );
}

async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    // What the library says of a broken file is about its inside.
    throw refused('It is broken.');
  }
}

const refused = (detail: string) => new Refusal('IMAGE_REFUSED', { detail });
