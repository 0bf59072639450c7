import { changeWarehouseRoutes, readWarehouseRoutes } from '../warehouses/routes.ts';
import { stockFileRoutes } from './files/routes.ts';
import { listAlertsRoute, listInventoryRoutes } from './list.ts';
import { lowStockRoute, moveStockRoutes } from './move.ts';

export const INVENTORY_ROUTES = [
  ...[readWarehouseRoutes, changeWarehouseRoutes],
  ...[listInventoryRoutes, moveStockRoutes, lowStockRoute, listAlertsRoute, stockFileRoutes],
] as const;
