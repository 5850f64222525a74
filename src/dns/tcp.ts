import type { Socket } from 'node:net';
import type { Clock } from '../domain/clock.ts';
import type { DnsServer } from '../domain/dns-server.ts';
import { DnsOverStream } from './over-stream.ts';
import { DnsFailure, type Resolver } from './resolver.ts';

/**
 * A DNS server by TCP, where answers are never cut off. Rejects with DnsFailure when it cannot be reached in time.
 *
 * @param timeoutMs for the connection, and then for each silence; milliseconds
 */
export async function dialDns({ host, port }: DnsServer, clock: Clock, timeoutMs: number): Promise<Resolver> {
  const socket = process.getBuiltinModule('node:net').connect({ host, port, noDelay: true });
  const over = new AbortController();
  try {
    await Promise.race([connected(socket), late(clock, timeoutMs, over.signal)]);
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error instanceof DnsFailure ? error : new DnsFailure(whyNot(error as NodeJS.ErrnoException), { cause: error });
  } finally {
    over.abort();
  }
  return new DnsOverStream(socket, clock, timeoutMs);
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

async function late(clock: Clock, ms: number, over: AbortSignal): Promise<void> {
  const isOver = await clock.sleep(ms, over).then(
    () => false,
    () => true,
  );
  if (!isOver) throw new DnsFailure(`no connection by TCP within ${ms / 1000}s`);
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused (is there a DNS server that answers TCP?)',
    ENOTFOUND: 'no such host',
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network unreachable',
  };
  return known[code ?? ''] ?? message;
}
