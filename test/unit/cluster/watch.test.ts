import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reflector } from '../../../src/cluster/watch.ts';
import type { KubeObject } from '../../../src/domain/kube.ts';
import { apiError, JumpingClock, turns } from './fakes.ts';
import { ModelServer } from './model-server.ts';

const names = fc.constantFrom('web-0', 'web-1', 'web-2', 'db-0', 'db-1');

/** What can happen while a reflector runs. `look` and `look-later` are GETs of one object by somebody else of ours. */
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), name: names }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), name: names }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 4 }) }) },
  fc.record({ do: fc.constantFrom('bookmark' as const, 'compact' as const, 'close' as const, 'break' as const) }),
  fc.record({ do: fc.constant('fail' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('look' as const, 'look-later' as const), name: names }),
);

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function reflectorOn(server: ModelServer): { reflector: Reflector<KubeObject>; changes: () => number } {
  let changes = 0;
  const reflector = new Reflector<KubeObject>({
    transport: server,
    clock: new JumpingClock(),
    random: () => 0.5,
    path: '/api/v1/namespaces/prod/pods',
    decode: (raw) => raw,
    onChange: () => {
      changes += 1;
    },
  });
  return { reflector, changes: () => changes };
}

/** A GET by somebody else: what it found is told to the reflector now or later, out of order with the watch. */
function look(server: ModelServer, reflector: Reflector<KubeObject>, name: string): () => void {
  const known = reflector.store.items.filter(({ metadata }) => metadata.name === name);
  const found = server.named(name);
  return () => {
    if (found !== undefined) reflector.observe(found);
    else for (const { metadata } of known) reflector.forget(metadata.uid);
  };
}

function happen(event: Happening, server: ModelServer, reflector: Reflector<KubeObject>, later: (() => void)[]): void | Promise<void> {
  switch (event.do) {
    case 'put':
      return server.put(event.name);
    case 'remove':
      return server.remove(event.name);
    case 'deliver':
      return server.deliver(event.count);
    case 'turns':
      return turns(event.count);
    case 'bookmark':
      return server.bookmark();
    case 'compact':
      return server.compact();
    case 'close':
    case 'break':
      return server.endWatches(event.do);
    case 'fail':
      return server.failNext(event.count);
    case 'look':
      return look(server, reflector, event.name)();
    case 'look-later':
      return void later.push(look(server, reflector, event.name));
  }
}

async function settle(server: ModelServer): Promise<void> {
  server.failures = 0;
  for (let round = 0; round < 25; round++) {
    await turns(2);
    server.deliver(100);
  }
}

describe('Reflector', () => {
  it('ends with what the server has, whatever happens on the way, and never goes back', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (events) => {
        const server = new ModelServer();
        server.put('web-0');
        server.put('web-1');
        server.put('web-2');
        const { reflector } = reflectorOn(server);
        const started = reflector.start();
        const later: (() => void)[] = [];
        const newest = new Map<string, number>();
        const gone = new Set<string>();
        for (const event of events) {
          const before = new Set(reflector.store.items.map(({ metadata }) => metadata.uid));
          await happen(event, server, reflector, later);
          if (event.do === 'turns') later.shift()?.();
          const now = reflector.store.items;
          for (const uid of before) if (!now.some(({ metadata }) => metadata.uid === uid)) gone.add(uid);
          for (const { metadata } of now) {
            expect(gone).not.toContain(metadata.uid);
            expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(newest.get(metadata.uid) ?? 0);
            newest.set(metadata.uid, Number(metadata.resourceVersion));
          }
        }
        await settle(server);
        await started;
        for (const tell of later) tell();
        await settle(server);
        expect(byName(reflector.store.items)).toEqual(byName(server.objects));
        expect(reflector.interruption).toBeUndefined();
        reflector.close();
        await turns(2);
        expect(server.watching).toBe(0);
      }),
      { numRuns: 120 },
    );
  });

  it('lists once and resumes where it broke off', async () => {
    const server = new ModelServer();
    server.pageSize = 100;
    server.put('web-0');
    const { reflector } = reflectorOn(server);
    await reflector.start();
    await settle(server);
    server.endWatches('break');
    server.put('web-1');
    await settle(server);
    expect(reflector.store.items.map(({ metadata }) => metadata.name)).toEqual(['web-0', 'web-1']);
    expect(server.lists).toBe(1);
    reflector.close();
  });

  it('lists again when the history no longer reaches back', async () => {
    const server = new ModelServer();
    server.pageSize = 100;
    server.put('web-0');
    const { reflector } = reflectorOn(server);
    await reflector.start();
    await settle(server);
    server.endWatches('close');
    server.remove('web-0');
    server.put('web-1');
    server.compact();
    await settle(server);
    expect(reflector.store.items.map(({ metadata }) => metadata.name)).toEqual(['web-1']);
    expect(server.lists).toBe(2);
    reflector.close();
  });

  it('says that it is behind while the server is away, since when, and that it is not any more', async () => {
    const server = new ModelServer();
    const { reflector, changes } = reflectorOn(server);
    await reflector.start();
    await settle(server);
    const before = changes();
    server.failures = 1_000;
    server.endWatches('break');
    await turns(4);
    expect(reflector.interruption).toMatchObject({ verb: 'watch', since: 0, error: { reason: 'ECONNREFUSED' } });
    expect(changes()).toBeGreaterThan(before);
    await settle(server);
    expect(reflector.interruption).toBeUndefined();
    reflector.close();
  });

  it('resolves its start although the first list fails, and goes on trying', async () => {
    const server = new ModelServer();
    server.failures = 3;
    server.put('web-0');
    const { reflector } = reflectorOn(server);
    await reflector.start();
    expect(reflector.listed).toBe(false);
    expect(reflector.interruption).toMatchObject({ verb: 'list', since: undefined });
    await settle(server);
    expect(reflector.listed).toBe(true);
    expect(reflector.store.items).toHaveLength(1);
    reflector.close();
  });

  it('takes an object that cannot be decoded for an interruption, not for the end', async () => {
    const server = new ModelServer();
    let broken = true;
    const reflector = new Reflector<KubeObject>({
      transport: server,
      clock: new JumpingClock(),
      random: () => 0,
      path: '/api/v1/pods',
      decode: (raw) => {
        if (broken) throw new TypeError('no such field');
        return raw;
      },
      onChange: () => undefined,
    });
    server.put('web-0');
    await reflector.start();
    expect(reflector.interruption?.error.message).toBe('no such field');
    broken = false;
    await settle(server);
    expect(reflector.interruption).toBeUndefined();
    reflector.close();
  });

  it('does not ask again and again when watches end at once without a word', async () => {
    const server = new ModelServer();
    const clock = new JumpingClock();
    let streams = 0;
    const transport = Object.assign(Object.create(server) as ModelServer, {
      request: server.request.bind(server),
      stream: async () => {
        streams += 1;
        await turns(1);
      },
    });
    const reflector = new Reflector<KubeObject>({
      transport,
      clock,
      random: () => 0.5,
      path: '/p',
      decode: (raw) => raw,
      onChange: () => undefined,
    });
    await reflector.start();
    await turns(60);
    reflector.close();
    expect(clock.slept.length).toBeGreaterThanOrEqual(streams - 1);
    expect(Math.max(...clock.slept)).toBeGreaterThan(1_000);
  });

  it('keeps the reason of the server for later', async () => {
    const server = new ModelServer();
    const { reflector } = reflectorOn(server);
    await reflector.start();
    await settle(server);
    server.stream = () => Promise.reject(apiError({ status: 403, reason: 'Forbidden', sent: 'rejected', message: 'not you' }));
    server.endWatches('close');
    await turns(10);
    expect(reflector.interruption?.error).toMatchObject({ status: 403, message: 'not you' });
    reflector.close();
  });
});

function byName(objects: readonly KubeObject[]): readonly (readonly [string, string, string])[] {
  return objects
    .map(({ metadata }) => [metadata.name, metadata.uid, metadata.resourceVersion] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
