import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { realClock } from '../../../src/cli/clock.ts';
import { type CommandEnd, runInPod } from '../../../src/cluster/exec.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { WebSocketDialer } from '../../../src/cluster/websocket.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type OnSocket = (socket: WebSocket, request: IncomingMessage) => void;

/** An API server that upgrades every request as a kubelet does, and speaks these protocols. */
async function execOn(
  onSocket: OnSocket,
  command: readonly string[] = ['true'],
  spoken = 'v5.channel.k8s.io',
  signal = new AbortController().signal,
  kept?: number,
): Promise<CommandEnd> {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(spoken) ? spoken : false) });
  const server = createServer();
  server.on('upgrade', (request, stream, head) => sockets.handleUpgrade(request, stream, head, (socket) => onSocket(socket, request)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dialer = new WebSocketDialer({
    endpoint: {
      server: address,
      ca: undefined,
      insecure: false,
      serverName: undefined,
      proxy: undefined,
      compression: true,
      http2: true,
      impersonation: {},
    },
    credentials: { identity: async () => ({}), renew: async () => false },
    clock: realClock,
    log: new RequestLog(0, () => {}),
  });
  return await runInPod(
    dialer,
    { namespace: 'prod', pod: 'web-0', container: 'main', command, ...(kept === undefined ? {} : { kept }) },
    signal,
  );
}

const on = (channel: number, text: string): Buffer => Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
const success = JSON.stringify({ metadata: {}, status: 'Success' });
const failed = (code: number): string =>
  JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });

describe('a command in a Pod', () => {
  it.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('ends with its exit code and what it printed, by %s', async (protocol) => {
    let url = '';
    const end = await execOn(
      (socket, request) => {
        url = request.url ?? '';
        socket.send(on(1, 'one '));
        socket.send(on(2, 'a warning\n'));
        socket.send(on(1, 'line\n'));
        socket.send(on(3, failed(3)));
        socket.close();
      },
      ['sh', '-c', 'echo "a & b"'],
      protocol,
    );
    expect(end).toEqual({ code: 3, stdout: 'one line', stderr: 'a warning' });
    const { pathname, searchParams } = new URL(url, 'http://x');
    expect(pathname).toBe('/api/v1/namespaces/prod/pods/web-0/exec');
    expect([searchParams.getAll('command'), searchParams.get('container'), searchParams.has('stdin')]).toEqual([
      ['sh', '-c', 'echo "a & b"'],
      'main',
      false,
    ]);
  });

  it('ends well, and keeps only the end of what is long', async () => {
    const end = await execOn((socket) => {
      for (let index = 0; index < 100; index++) socket.send(on(1, `${String(index).padStart(99, '.')}\n`));
      socket.send(on(3, success));
      socket.close();
    });
    expect([end.code, end.stdout.length <= 4096, end.stdout.endsWith('99')]).toEqual([0, true, true]);
    const whole = await execOn(
      (socket) => {
        for (let index = 0; index < 100; index++) socket.send(on(1, 'x'.repeat(100)));
        socket.send(on(3, success));
        socket.close();
      },
      ['true'],
      'v5.channel.k8s.io',
      new AbortController().signal,
      1 << 20,
    );
    expect(whole.stdout).toHaveLength(10_000);
  });

  it('rejects with the sentence of the runtime where it could not start', async () => {
    const status = JSON.stringify({
      status: 'Failure',
      reason: 'InternalError',
      message: 'exec: "nosuch": executable file not found in $PATH',
    });
    await expect(
      execOn((socket) => {
        socket.send(on(3, status));
        socket.close();
      }),
    ).rejects.toThrow('executable file not found');
  });

  it('rejects where the connection ends before the command', async () => {
    await expect(execOn((socket) => socket.terminate())).rejects.toThrow('the connection ended before the command did');
  });

  it('ends at once when it is stopped', async () => {
    const stop = new AbortController();
    const running = execOn(() => stop.abort(new Error('out of time')), ['sleep', '1000'], 'v5.channel.k8s.io', stop.signal);
    await expect(running).rejects.toThrow('out of time');
  });
});
