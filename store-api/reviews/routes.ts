import { decideReviewRoute, queuedReviewsRoute } from './admin-routes.ts';
import { answerRoutes } from './answer-routes.ts';
import { addImageRoute, removeImageRoute } from './image-routes.ts';
import { flagRoute, voteRoutes } from './opinion-routes.ts';
import { getReviewRoute, listReviewsRoute, ownReviewsRoute } from './read-routes.ts';
import { sellerRatingRoute } from './seller-rating.ts';
import { showImageRoute } from './show-image.ts';
import { changeReviewRoutes, createReviewRoute } from './write-routes.ts';

export const REVIEW_ROUTES = [
  ...[listReviewsRoute, getReviewRoute, ownReviewsRoute, sellerRatingRoute],
  ...[createReviewRoute, changeReviewRoutes, voteRoutes, flagRoute, answerRoutes],
  ...[addImageRoute, removeImageRoute, showImageRoute],
  ...[queuedReviewsRoute, decideReviewRoute],
] as const;
