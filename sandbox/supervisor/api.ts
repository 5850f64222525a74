import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Credentials } from '../control-plane/credentials.ts';

export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** The few requests that the supervisor itself sends, as the user system:sandbox. */
export class Api {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, authority: string, { certificate, key }: Credentials) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, ca: authority, cert: certificate, key, maxSockets: 16 });
  }

  /** False while the server starts or is gone; anonymous requests to /readyz are allowed, but this one tests the certificates as well. */
  async isReady(): Promise<boolean> {
    const response = await this.#send('GET', '/readyz');
    response.resume();
    return response.statusCode === 200;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#json('GET', path)) as T;
  }

  async exists(path: string): Promise<boolean> {
    return this.get(path).then(
      () => true,
      () => false,
    );
  }

  async create(path: string, body: object): Promise<void> {
    await this.#json('POST', path, body);
  }

  async patch(path: string, body: object): Promise<void> {
    await this.#json('PATCH', path, body, 'application/merge-patch+json');
  }

  async delete(path: string): Promise<void> {
    await this.#json('DELETE', path);
  }

  /** Events from a resourceVersion on, until the server or the network ends the stream. */
  async *watch<T>(path: string, resourceVersion: string): AsyncGenerator<WatchEvent<T>> {
    const response = await this.#send('GET', `${path}?watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`);
    if (response.statusCode !== 200) throw new ApiError(response.statusCode ?? 0, 'watch refused');
    try {
      for await (const line of createInterface({ input: response })) yield JSON.parse(line) as WatchEvent<T>;
    } finally {
      response.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #json(method: string, path: string, body?: object, type = 'application/json'): Promise<unknown> {
    const response = await this.#send(method, path, body && JSON.stringify(body), type);
    const content = await text(response);
    const status = response.statusCode ?? 0;
    if (status >= 300) throw new ApiError(status, `${method} ${path}: ${status} ${content.slice(0, 500)}`);
    return JSON.parse(content);
  }

  #send(method: string, path: string, body?: string, type = 'application/json'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
      const sent = request({ host: '127.0.0.1', port: this.#port, method, path, headers, agent: this.#agent }, resolve);
      sent.once('error', reject);
      sent.end(body);
    });
  }
}
