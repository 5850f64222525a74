import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { BootOptions } from '../control-plane/options.ts';
import { nodeVerbs } from './nodes.ts';
import type { ComponentStatus } from './process.ts';
import type { RunningSandbox } from './sandbox.ts';

/** The answer to GET /status. */
export interface Status {
  name: string;
  pid: number;
  phase: 'booting' | 'ready' | 'failed' | 'ending';
  /** From the supervisor's start to ready. */
  bootMs?: number;
  startedAt: string;
  options: BootOptions;
  components: (ComponentStatus & { cut?: boolean })[];
}

export interface ControlPort {
  sandbox: RunningSandbox;
  status(): Promise<Status>;
  /** Resolves when the boot is over, rejects if it failed. */
  booted: Promise<void>;
  /** Ends the process. */
  end(): void;
}

const actions = ['start', 'kill', 'stop', 'cont', 'restart'] as const;

type Handler = (port: ControlPort, parts: string[], body: Record<string, unknown>) => Promise<unknown>;

const routes: [method: string, path: RegExp, Handler][] = [
  ['GET', /^\/status$/, (port) => port.status()],
  ['GET', /^\/booted$/, async (port) => port.booted],
  ['POST', /^\/components\/([\w-]+)\/(\w+)$/, act],
  ['POST', /^\/nodes\/(\d+)\/(\w+)$/, actOnNode],
  [
    'PUT',
    /^\/routes$/,
    async ({ sandbox }, _, body) => sandbox.nodes.route(String(body.address), Number(body.port), body.local as number | undefined),
  ],
];

/** Commands for the supervisor: JSON over HTTP on a unix socket that only this user can open. */
export function listenForCommands(path: string, port: ControlPort): Promise<Server> {
  const server = createServer((request, response) => void answer(port, request, response));
  // A start may take as long as a boot; nothing here is the outside world.
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

async function answer(port: ControlPort, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  };
  const { method = '', url = '' } = request;
  // Never answered: the end of the connection is the end of the process, which is what the caller waits for.
  if (method === 'POST' && url === '/down') return port.end();
  try {
    const body = await bodyOf(request);
    for (const [wanted, pattern, handler] of routes) {
      const match = wanted === method ? pattern.exec(url) : null;
      if (match) return reply(200, await handler(port, match.slice(1), body));
    }
    reply(404, { error: `no such command: ${method} ${url}` });
  } catch (error) {
    reply(500, { error: (error as Error).message });
  }
}

async function act({ sandbox }: ControlPort, [name = '', verb]: string[]): Promise<void> {
  const action = actions.find((it) => it === verb);
  if (!action) throw new Error(`There is no action "${verb}": it is one of ${actions.join(', ')}.`);
  await sandbox.component(name)[action]();
  await sandbox.nodes.afterAction();
}

async function actOnNode({ sandbox }: ControlPort, [number, verb]: string[]): Promise<void> {
  const action = nodeVerbs.find((it) => it === verb);
  if (!action) throw new Error(`There is no action "${verb}": it is one of ${nodeVerbs.join(', ')}.`);
  await sandbox.nodes.act(Number(number), action);
  await sandbox.nodes.afterAction();
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const content = await text(request);
  return content ? (JSON.parse(content) as Record<string, unknown>) : {};
}
