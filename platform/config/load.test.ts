import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, loadRegionRedisUrls } from './load.ts';

describe('loadConfig', () => {
  it('fills in what has a default and types what is given', () => {
    const config = loadConfig({ EDGE_PORT: '9001' }, ['EDGE_PORT', 'REGIONS', 'KAFKA_BROKERS']);
    expect(config).toEqual({
      EDGE_PORT: 9001,
      REGIONS: ['us-east', 'us-west', 'eu', 'asia'],
      KAFKA_BROKERS: ['127.0.0.1:19092'],
    });
  });

  it('reports every problem at once, each with its name and what was expected', () => {
    const env = { EDGE_PORT: 'abc', STORE_PORT: '70000', REGIONS: 'eu,eu', LOG_LEVEL: 'loud' };
    const load = () => loadConfig(env, ['EDGE_PORT', 'STORE_PORT', 'REGIONS', 'LOG_LEVEL', 'DATABASE_URL']);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow('EDGE_PORT must be a port from 1 to 65535; "abc" is not.');
    expect(load).toThrow('STORE_PORT must be a port from 1 to 65535; "70000" is not.');
    expect(load).toThrow('REGIONS must be a comma-separated list');
    expect(load).toThrow('LOG_LEVEL must be one of trace');
    expect(load).toThrow('DATABASE_URL is not set');
  });

  it('never shows a secret that it refuses', () => {
    const load = () =>
      loadConfig({ AUTH_SECRET: 'hunter2', REDIS_URL: 'http://:hunter2@x' }, ['AUTH_SECRET', 'REDIS_URL']);
    expect(load).toThrow('AUTH_SECRET must be a secret of at least 32 characters; its value (not shown) is not.');
    expect(load).not.toThrow('hunter2');
  });

  it('takes an empty value for an unset one', () => {
    expect(loadConfig({ EDGE_PORT: '' }, ['EDGE_PORT'])).toEqual({ EDGE_PORT: 8080 });
  });
});

describe('loadRegionRedisUrls', () => {
  it('gives a region its own Redis where its variable is set', () => {
    const urls = loadRegionRedisUrls({ REDIS_URL_US_EAST: 'redis://a:1' }, ['us-east', 'eu'], 'redis://shared:1');
    expect([...urls]).toEqual([
      ['us-east', 'redis://a:1'],
      ['eu', 'redis://shared:1'],
    ]);
  });

  it('names the variable of a region that is wrong', () => {
    expect(() => loadRegionRedisUrls({ REDIS_URL_EU: 'nowhere' }, ['eu'], 'redis://s:1')).toThrow(
      'REDIS_URL_EU must be',
    );
  });
});
