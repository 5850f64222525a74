import { createServer } from 'node:net';
import { join } from 'node:path';
import { claim, release } from './claim.ts';
import { makePrivate, userRoot } from './folder.ts';

/** Below the ephemeral ranges (Linux from 32768, macOS from 49152): no outgoing connection takes one of these by chance. */
export const portRange = { first: 20_000, last: 29_999 } as const;

export interface PortClaim {
  ports: number[];
  release(): void;
}

/**
 * Claims free loopback ports for this process. A port is tried by binding it, and held by a file between that and the
 * moment its component listens, because another sandbox may be booting. One folder for all sandboxes of this user, wherever their state is.
 */
export async function claimPorts(count: number, dir = userRoot('.ports'), start = randomPort()): Promise<PortClaim> {
  makePrivate(dir);
  const held: number[] = [];
  const releaseAll = () => {
    for (const port of held) release(join(dir, String(port)));
  };
  const size = portRange.last - portRange.first + 1;
  for (let step = 0; step < size && held.length < count; step++) {
    const port = portRange.first + ((start - portRange.first + step) % size);
    if (!claim(join(dir, String(port)))) continue;
    if (await isFree(port)) held.push(port);
    else release(join(dir, String(port)));
  }
  if (held.length < count) {
    releaseAll();
    throw new Error(`No ${count} free ports between ${portRange.first} and ${portRange.last}.`);
  }
  return { ports: held, release: releaseAll };
}

function randomPort(): number {
  return portRange.first + Math.floor(Math.random() * (portRange.last - portRange.first + 1));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
