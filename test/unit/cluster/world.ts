import type { ApiRequest, ApiResponse, ClusterReader, Transport } from '../../../src/cluster/api.ts';
import type { OpenConnection } from '../../../src/cluster/connection.ts';
import { clusterReader } from '../../../src/cluster/reader.ts';
import { WebSocketDialer } from '../../../src/cluster/websocket.ts';
import { Written } from '../../../src/cluster/written.ts';
import type { StoredState } from '../../../src/domain/stored.ts';
import { apiError, JumpingClock, turns } from './fakes.ts';
import { ModelServer } from './model-server.ts';

/** Sets, Pods, claims and endpoints, each a model of its own, behind one transport. */
export class World implements Transport {
  readonly models = {
    statefulsets: new ModelServer(),
    pods: new ModelServer(),
    persistentvolumeclaims: new ModelServer(),
    endpointslices: new ModelServer(),
  };
  readonly written = new Written();
  /** What GETs of the set are answered with; the model's, where it says nothing. */
  get: (() => unknown) | undefined;
  down = false;
  readonly clock = new JumpingClock();

  /** What was stored about a set, by the name of the set. */
  readonly stored = new Map<string, StoredState>();

  /** The door to this world. */
  get reader(): ClusterReader {
    const connection: OpenConnection = {
      transport: this,
      sockets: new WebSocketDialer({} as never),
      context: 'c',
      server: 's',
      namespace: 'prod',
      user: 'u',
      authority: 'a',
      flags: ['--context', 'c'],
      clock: this.clock,
      random: () => 0.5,
      written: this.written,
    };
    return clusterReader(connection, {
      one: async (_, { name }) => {
        if (this.down) throw refused();
        return this.stored.get(name) ?? { entries: [] };
      },
      all: () => Promise.resolve([]),
    });
  }

  async request<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    await turns(1);
    if (this.down) throw refused();
    const model = this.#model(request);
    if (model !== undefined) return model.request<T>(request);
    const body = request.path.endsWith('/statefulsets/web') ? this.#set() : { metadata: { uid: 'k' }, items: [] };
    if (body instanceof Error) throw body;
    return { status: 200, body: body as T };
  }

  async stream(request: ApiRequest, onLine: (line: string) => void, onOpen?: () => void): Promise<void> {
    await turns(1);
    if (this.down) throw refused();
    await this.#model(request)?.stream(request, onLine, onOpen);
  }

  serverNow(): number {
    return this.clock.now();
  }

  close(): void {
    // nothing is open
  }

  async deliver(): Promise<void> {
    await turns(6);
    for (const model of Object.values(this.models)) model.deliver(100);
  }

  break(): void {
    this.down = true;
    for (const model of Object.values(this.models)) model.endWatches('break');
  }

  #set(): unknown {
    return this.get === undefined ? (this.models.statefulsets.named('web') ?? notFound()) : this.get();
  }

  #model({ path }: ApiRequest): ModelServer | undefined {
    return this.models[path.split('/').at(-1) as keyof World['models']];
  }
}

export const notFound = () => apiError({ status: 404, reason: 'NotFound', sent: 'rejected' });
const refused = () => apiError({ reason: 'ECONNREFUSED', sent: 'not-sent', message: 'refused' });
