import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('labels every metric, Node’s own included, with the process', async () => {
    const metrics = createMetrics('edge');
    const claims = metrics.counter({ name: 'dropgate_claims_total', help: 'Claims.', labels: ['reply'] });
    claims.inc({ reply: 'RESERVED' }, 3);
    metrics.gauge({ name: 'dropgate_sockets', help: 'Sockets.' }).set(7);
    const text = await metrics.registry.metrics();
    expect(text).toContain('dropgate_claims_total{reply="RESERVED",process="edge"} 3');
    expect(text).toContain('dropgate_sockets{process="edge"} 7');
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds\{process="edge"\} \S+/);
    expect(text).toMatch(/process_resident_memory_bytes\{process="edge"\} \d+/);
  });

  it('measures latencies in seconds, from half a millisecond to half a minute', async () => {
    const metrics = createMetrics('edge');
    const seconds = metrics.histogram({ name: 'dropgate_claim_seconds', help: 'Claims.' });
    seconds.observe(0.0007);
    const text = await metrics.registry.metrics();
    expect(text).toContain('dropgate_claim_seconds_bucket{le="0.0005",process="edge"} 0');
    expect(text).toContain('dropgate_claim_seconds_bucket{le="0.001",process="edge"} 1');
    expect(text).toContain('dropgate_claim_seconds_bucket{le="30",process="edge"} 1');
  });

  it('keeps two registries apart', () => {
    const name = 'dropgate_twice_total';
    createMetrics('a').counter({ name, help: 'x' });
    expect(() => createMetrics('b').counter({ name, help: 'x' })).not.toThrow();
  });
});
