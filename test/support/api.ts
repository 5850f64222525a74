import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as afterBackOff } from 'node:timers/promises';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/domain/kube.ts';

/** The API server said no. */
export class ApiStatus extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/** TLS material of a kubeconfig, as Node takes it. */
export interface Tls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Certificates of a kubeconfig that holds all it needs, as the sandbox's do. */
export function tlsOf(kubeconfig: string): Tls {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const plain = (base64 = '') => Buffer.from(base64, 'base64').toString('utf8');
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  return {
    ca: plain(cluster['certificate-authority-data']),
    cert: plain(user['client-certificate-data']),
    key: plain(user['client-key-data']),
  };
}

/** The tests' own way to the API server, apart from all that they test: raw JSON, errors with the server's sentence. */
export class Api {
  readonly #server: string;
  readonly #send: typeof httpsRequest;
  readonly #agent: HttpAgent;

  constructor(server: string, tls: Tls | undefined) {
    this.#server = server;
    const secure = server.startsWith('https:');
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.request('GET', path)) as T;
  }

  /** Undefined for 404. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiStatus && error.code === 404) return undefined;
      throw error;
    }
  }

  async list<T>(path: string): Promise<readonly T[]> {
    return (await this.get<List<T>>(path)).items;
  }

  async create<T = KubeObject>(path: string, body: object): Promise<T> {
    return (await this.request('POST', path, body)) as T;
  }

  async patch<T = KubeObject>(path: string, body: unknown, type: keyof typeof patchTypes = 'merge'): Promise<T> {
    return (await this.request('PATCH', path, body, patchTypes[type])) as T;
  }

  /** What is gone already is no error. */
  async delete(path: string, body: object = { propagationPolicy: 'Background' }): Promise<void> {
    try {
      await this.request('DELETE', path, body);
    } catch (error) {
      if (!(error instanceof ApiStatus && error.code === 404)) throw error;
    }
  }

  async request(method: string, path: string, body?: unknown, contentType = 'application/json', signal?: AbortSignal): Promise<unknown> {
    const response = await this.#open(method, path, body, contentType, signal);
    const answer: unknown = JSON.parse(await text(response));
    const status = response.statusCode ?? 0;
    if (status >= 300) throw new ApiStatus(status, `${method} ${path}: ${(answer as { message?: string }).message ?? status}`);
    return answer;
  }

  /**
   * Lists a collection, then follows it by watch; `see` hears of the list and of every change, the newest objects by name
   * in hand. Begins anew after every end of the watch, as when the API server restarts. Ends with `signal`.
   */
  async follow<T extends KubeObject>(
    collection: string,
    see: (objects: ReadonlyMap<string, T>, change: { type: string; object: T } | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const query = (more: string) => `${collection}${collection.includes('?') ? '&' : '?'}${more}`;
    while (!signal.aborted) {
      try {
        const list = (await this.request('GET', collection, undefined, undefined, signal)) as List<T>;
        const objects = new Map(list.items.map((object) => [object.metadata.name, object]));
        see(objects, undefined);
        const version = list.metadata.resourceVersion;
        const response = await this.#open('GET', query(`watch=true&resourceVersion=${version}`), undefined, undefined, signal);
        for await (const line of linesOf(response)) {
          const { type, object } = JSON.parse(line) as WatchEvent<T>;
          if (type === 'ERROR') break;
          if (type === 'DELETED') objects.delete(object.metadata.name);
          else objects.set(object.metadata.name, object);
          see(objects, { type, object });
        }
        response.destroy();
      } catch (error) {
        if (signal.aborted) return;
        // A server that restarts refuses, resets or is busy; anything it says clearly is the caller's mistake.
        if (error instanceof ApiStatus && error.code < 500 && error.code !== 429) throw error;
        await afterBackOff(50);
      }
    }
  }

  /**
   * Waits by watch until `look` answers something else than undefined or false.
   *
   * @param what for the error: what was waited for
   * @throws with the last state seen, when it does not happen within `seconds`
   */
  async until<T extends KubeObject, R>(
    collection: string,
    look: (objects: ReadonlyMap<string, T>) => R | undefined | false,
    what: string,
    seconds = 120,
  ): Promise<R> {
    const over = new AbortController();
    let last: ReadonlyMap<string, T> = new Map();
    const timer = setTimeout(() => over.abort(), seconds * 1000);
    let found: { readonly it: R } | undefined;
    let broken: Error | undefined;
    await this.follow<T>(
      collection,
      (objects) => {
        last = objects;
        try {
          const it = look(objects);
          if (it === undefined || it === false || found !== undefined) return;
          found = { it };
        } catch (error) {
          broken = error as Error;
        }
        over.abort();
      },
      over.signal,
    );
    clearTimeout(timer);
    if (found !== undefined) return found.it;
    if (broken !== undefined) throw broken;
    throw new Error(`Waited ${seconds} s in vain until ${what}. There is:\n${[...last.values()].map(inWords).join('\n') || 'nothing'}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(method: string, path: string, body: unknown, contentType?: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = this.#send(
        `${this.#server}${path}`,
        {
          method,
          agent: this.#agent,
          ...(signal === undefined ? {} : { signal }),
          headers:
            content === undefined
              ? {}
              : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(content) },
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(content);
    });
  }
}

/** Lines of a stream; unlike readline's, the iteration fails when the stream does. */
export async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function inWords({ metadata, ...rest }: KubeObject): string {
  const { name, uid, deletionTimestamp, generation, labels, annotations } = metadata;
  return JSON.stringify({ name, uid, deletionTimestamp, generation, labels, annotations, ...rest }).slice(0, 1500);
}
