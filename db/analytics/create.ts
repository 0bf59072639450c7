import type { Pool } from 'pg';
import { connectClickHouse } from '../../platform/connections/clickhouse.ts';
import { createClickHouseAnalytics } from './clickhouse.ts';
import { createPostgresAnalytics } from './postgres.ts';
import type { AnalyticsStore } from './store.ts';

/** ClickHouse where its address is set (ANALYTICS_URL), otherwise PostgreSQL itself. */
export function createAnalytics(url: string, database: Pool): AnalyticsStore {
  return url === '' ? createPostgresAnalytics(database) : createClickHouseAnalytics(database, connectClickHouse(url));
}
