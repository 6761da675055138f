import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src-main/contract/calls.ts';
import { createMetricsServer, type MetricsServer } from '../../../src-main/core/metrics/metrics-server.ts';

const servers: MetricsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
const create = (read: () => Promise<string> = async () => 'up 1\n'): MetricsServer => {
  const server = createMetricsServer(read);
  servers.push(server);
  return server;
};
const on = { enabled: true, address: '127.0.0.1', port: 0 };
const statusWith = (address: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(address, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });

describe('metrics server', () => {
  it('answers at its address while it is switched on, and nowhere else', async () => {
    const server = create();
    await server.apply({ ...on, enabled: false });
    expect(server.address()).toBeUndefined();
    await server.apply(on);
    const address = server.address() ?? '';
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const response = await fetch(address);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe('up 1\n');
    expect((await fetch(new URL('/', address))).status).toBe(404);
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
    await server.apply({ ...on, enabled: false });
    expect(server.address()).toBeUndefined();
    await expect(fetch(address)).rejects.toThrow();
  });

  it('is not read through a name that was made to point here', async () => {
    const server = create();
    await server.apply(on);
    const address = server.address() ?? '';
    expect(await statusWith(address, { host: 'evil.example' })).toBe(403);
    expect(await statusWith(address, { host: `localhost:${new URL(address).port}` })).toBe(200);
  });

  it('says that the queue is away', async () => {
    const server = create(async () => {
      throw new Error('away');
    });
    await server.apply(on);
    expect((await fetch(server.address() ?? '')).status).toBe(503);
  });

  it('says in a sentence why an address cannot be used, and goes on with the one before', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const bound = taken.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const server = create();
    await server.apply(on);
    await expect(server.apply({ ...on, port })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: `Port ${port} is used by another program. Choose another one for the metrics.`,
    });
    expect((await fetch(server.address() ?? '')).status).toBe(200);
    // An address that is reserved for documentation belongs to no machine.
    await expect(server.apply({ ...on, address: '192.0.2.1' })).rejects.toMatchObject({
      message: expect.stringMatching(/^This machine has no address 192\.0\.2\.1/),
    });
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('the settings of the metrics', () => {
  const parse = (metrics: Record<string, unknown>) => settingsSchema.safeParse({ metrics });

  it('are off, and of this machine only, unless somebody says otherwise', () => {
    expect(settingsSchema.parse({}).metrics).toEqual({ enabled: false, address: '127.0.0.1', port: 9464 });
  });

  it.each([-1, 65_536, 80.5, '9464', Number.NaN])('refuse %s as a port, in words', (port) => {
    expect(parse({ port }).error?.issues[0]?.message).toBe('a port is a whole number from 0 to 65535');
  });

  it.each(['', '256.0.0.1', 'example.org', '127.0.0.1:80'])('refuse %j as an address, in words', (address) => {
    expect(parse({ address }).error?.issues[0]?.message).toMatch(/^an address is four numbers/);
  });

  it.each([{ port: 0 }, { port: 65_535 }, { address: '0.0.0.0' }, { address: '::1' }, { address: 'localhost' }])(
    'accept %j',
    (metrics) => {
      expect(parse(metrics).success).toBe(true);
    },
  );
});
