import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { choosePorts, freePort, isFree, nextFreePort, readPorts, writePorts } from './ports.mjs';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const allFree = async (): Promise<boolean> => true;
const busy =
  (...ports: number[]) =>
  async (port: number): Promise<boolean> =>
    !ports.includes(port);

describe('ports', () => {
  it('of a first start are 3000 and the well-known ones', async () => {
    expect(await choosePorts({}, { free: allFree })).toEqual({ app: 3000, postgres: 54_329, temporal: 7233, temporalUi: 8233 });
  });

  it('step aside for whoever is there', async () => {
    expect(await choosePorts({}, { free: busy(3000, 3001, 7233) })).toEqual({ app: 3002, postgres: 54_329, temporal: 7234, temporalUi: 8233 });
  });

  it('stay the same from start to start while they are free', async () => {
    const last = { app: 3007, postgres: 50_001, temporal: 50_002, temporalUi: 50_003 };
    expect(await choosePorts(last, { free: allFree })).toEqual(last);
    expect(await choosePorts(last, { free: busy(50_002) })).toEqual({ ...last, temporal: 7233 });
  });

  it('held by a server that is taken over count as usable', async () => {
    const last = { app: 3000, postgres: 50_001, temporal: 50_002, temporalUi: 50_003 };
    expect(await choosePorts(last, { free: busy(50_001), held: new Set([50_001]) })).toEqual(last);
  });

  it('never coincide, even where a file says so', async () => {
    const ports = await choosePorts({ app: 7233, postgres: 7233, temporal: 7233, temporalUi: 7233 }, { free: allFree });
    expect(new Set(Object.values(ports)).size).toBe(4);
  });

  it('begin where a person says', async () => {
    expect((await choosePorts({ app: 3000 }, { wanted: 8080, free: busy(8080) })).app).toBe(8081);
    expect((await choosePorts({ app: 3000 }, { wanted: 8080, free: allFree })).app).toBe(8080);
  });

  it('in use are seen as taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) => {
      server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port));
    });
    expect(await isFree(port)).toBe(false);
    expect(await nextFreePort(port)).toBeGreaterThan(port);
    await new Promise((done) => server.close(done));
    expect(await isFree(await freePort())).toBe(true);
  });

  it('in a damaged file are ignored one by one', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hub-ports-')), 'ports.json');
    expect(readPorts(file)).toEqual({});
    writeFileSync(file, '{"app": 3001, "postgres": "x", "temporal": 70000');
    expect(readPorts(file)).toEqual({});
    writeFileSync(file, '{"app": 3001, "postgres": "x", "temporal": 70000, "temporalUi": 8233}');
    expect(readPorts(file)).toEqual({ app: 3001, temporalUi: 8233 });
    writePorts(file, { app: 1, postgres: 2, temporal: 3, temporalUi: 4 });
    expect(readPorts(file)).toEqual({ app: 1, postgres: 2, temporal: 3, temporalUi: 4 });
  });
});
