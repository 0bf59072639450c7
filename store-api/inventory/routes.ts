import { changeWarehouseRoutes, readWarehouseRoutes } from '../warehouses/routes.ts';
import { listAlertsRoute, listInventoryRoutes } from './list.ts';
import { lowStockRoute, moveStockRoutes } from './move.ts';

export const INVENTORY_ROUTES = [
  ...[readWarehouseRoutes, changeWarehouseRoutes],
  ...[listInventoryRoutes, moveStockRoutes, lowStockRoute, listAlertsRoute],
] as const;
