import type { PictureSize } from './read-picture.ts';

/** What a picture is called in the object store. The database makes the same names where it removes one (0026-reviews). */
export const keyOf = (id: string, size: PictureSize): string => `reviews/${id}/${size}.webp`;
