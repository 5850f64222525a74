import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPorts, portRange } from '../host/ports.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sts-ports-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('claimPorts', () => {
  it('never gives one port twice while both are held', async () => {
    const claims = await Promise.all([claimPorts(20, dir, 25_000), claimPorts(20, dir, 25_000), claimPorts(20, dir, 25_010)]);
    const all = claims.flatMap((it) => it.ports);
    expect(all).toHaveLength(60);
    expect(new Set(all).size).toBe(60);
  });

  it('passes over a port that somebody listens on', async () => {
    const [port = 0] = (await claimPorts(1, dir, 26_000)).ports;
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(port + 1, '127.0.0.1', resolve));
    expect((await claimPorts(1, dir, port)).ports).toEqual([port + 2]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes over the port of a process that died, and leaves nothing behind', async () => {
    writeFileSync(join(dir, '27000'), '999999999 1');
    const claim = await claimPorts(1, dir, 27_000);
    expect(claim.ports).toEqual([27_000]);
    claim.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('starts again at the beginning of the range, below the ephemeral ports', async () => {
    const { ports } = await claimPorts(3, dir, portRange.last);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(ports.filter((it) => it < portRange.first + 1000)).not.toHaveLength(0);
  });
});
