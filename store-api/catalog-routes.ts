/** The routes of the catalog, in one list. */
import { changeBrandRoutes } from './brands/change.ts';
import { listBrandsRoute } from './brands/list.ts';
import { catalogFileRoutes } from './catalog-files/routes.ts';
import { changeCategoryRoutes } from './categories/change.ts';
import { listCategoriesRoute } from './categories/list.ts';
import { createProductRoute } from './products/create.ts';
import { getProductRoute } from './products/get.ts';
import { listProductsRoute } from './products/list.ts';
import { listPricesRoute } from './products/prices.ts';
import { removeProductRoute } from './products/remove.ts';
import { sellerProductsRoutes } from './products/seller.ts';
import { translationRoutes } from './products/translations.ts';
import { updateProductRoute } from './products/update.ts';
import { addVariantRoute, removeVariantRoute, updateVariantRoute } from './products/variants.ts';
import { listRatesRoute } from './rates/list.ts';
import { setRateRoute } from './rates/set.ts';

export const CATALOG_ROUTES = [
  ...[listProductsRoute, getProductRoute, sellerProductsRoutes, createProductRoute, updateProductRoute],
  ...[removeProductRoute, addVariantRoute, updateVariantRoute, removeVariantRoute, listPricesRoute, translationRoutes],
  ...[listCategoriesRoute, changeCategoryRoutes, listBrandsRoute, changeBrandRoutes, listRatesRoute, setRateRoute],
  catalogFileRoutes,
] as const;
