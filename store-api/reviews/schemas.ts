/** Reviews as they are written and answered. */
import Type from 'typebox';
import { shownName } from '../../commerce/reviews/names.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { StoredReview } from '../../db/queries/reviews/review-rows.ts';
import { Language, Line, Slug } from '../products/schemas.ts';

export const exact = { additionalProperties: false } as const;
export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Id = () => Type.String({ pattern: UUID_V7_PATTERN });
export const ById = Type.Object({ id: Id() });
export const OfProduct = Type.Object({ id: Slug() });
export const tags = ['reviews'];

/** Lines of text: something to be read, and no control characters but the ends of lines. */
export const Lines = (maxLength: number) =>
  Type.String({
    ...{ minLength: 1, maxLength },
    pattern:
      '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*$',
  });
/** The same, or nothing. */
export const Note = () =>
  Type.String({
    maxLength: LIMITS.reviewNoteChars,
    default: '',
    pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f]*$',
  });

export const ReviewBody = Type.Object(
  {
    stars: Type.Integer({ minimum: 1, maximum: 5 }),
    title: Line(LIMITS.reviewTitleChars),
    text: Lines(LIMITS.reviewChars),
    language: Type.String({ ...Language(), default: 'en' }),
  },
  exact,
);
export type ReviewForm = Type.Static<typeof ReviewBody>;

export const ImageAnswer = Type.Object({
  id: Type.String(),
  width: Type.Integer({ description: 'Of the large one.' }),
  height: Type.Integer(),
  small: Type.String({ description: 'Where it is, no larger than 320 × 320.' }),
  large: Type.String({ description: 'Where it is, no larger than 1600 × 1600.' }),
});

const Status = Type.Union([Type.Literal('PENDING'), Type.Literal('PUBLISHED'), Type.Literal('REJECTED')], {
  description: 'PENDING waits for a moderator; only what is PUBLISHED is seen by others.',
});

export const reviewFields = {
  id: Type.String(),
  productId: Type.String(),
  author: nullable(Type.String({ description: 'The first name, and the first letter of the last.' })),
  stars: Type.Integer(),
  title: Type.String(),
  text: Type.String(),
  language: Type.String(),
  status: Status,
  isVerified: Type.Boolean({ description: 'An order of the author with this product has arrived.' }),
  images: Type.Array(ImageAnswer),
  helpful: Type.Integer({ description: 'Votes; a new one counts within a second or two.' }),
  unhelpful: Type.Integer(),
  answer: nullable(
    Type.Object({ text: Type.String(), at: Type.Integer() }, { description: 'Of who sells the product.' }),
  ),
  version: Type.Integer({ description: 'Grows with each change by its author, its seller or a moderator.' }),
  createdAt: Type.Integer(),
  editedAt: nullable(Type.Integer()),
};
export const ReviewAnswer = Type.Object(reviewFields);
export const OwnReviewAnswer = Type.Object({
  ...reviewFields,
  note: Type.String({ description: 'Why it was rejected.' }),
});

export function shownImage({ id, width, height }: StoredReview['images'][number]) {
  return { id, width, height, small: `/api/v1/images/${id}/small`, large: `/api/v1/images/${id}/large` };
}

export function shownReview(review: StoredReview): Type.Static<typeof ReviewAnswer> {
  const { id, productId, stars, title, language, status, isVerified, helpful, unhelpful, answer } = review;
  return {
    ...{ id, productId, stars, title, language, status, isVerified, helpful, unhelpful },
    ...{ author: shownName(review.authorName), text: review.body, images: review.images.map(shownImage) },
    answer: answer === null ? null : { text: answer, at: review.answeredAt ?? review.updatedAt },
    ...{ version: review.version, createdAt: review.createdAt },
    editedAt: review.updatedAt > review.createdAt ? review.updatedAt : null,
  };
}

export const shownOwn = (review: StoredReview): Type.Static<typeof OwnReviewAnswer> => ({
  ...shownReview(review),
  note: review.note,
});
