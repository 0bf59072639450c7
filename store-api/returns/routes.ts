import { decideReturnRoutes } from './decide.ts';
import { getReturnRoute, listReturnsRoute, returnsOfOrderRoute } from './read.ts';
import { receiveReturnRoute } from './receive.ts';
import { refundAgainRoute } from './refund-again.ts';
import { requestReturnRoute } from './request.ts';

export const RETURN_ROUTES = [
  ...[requestReturnRoute, returnsOfOrderRoute, getReturnRoute, listReturnsRoute],
  ...[decideReturnRoutes, receiveReturnRoute, refundAgainRoute],
] as const;
