import { afterEach, describe, expect, it } from 'vitest';
import type { LiveSnapshot } from '../../../src/cluster/api.ts';
import { sliceOf } from '../../../src/domain/snapshot.ts';
import { apiError, turns } from './fakes.ts';
import { notFound, World } from './world.ts';

const target = { namespace: 'prod', name: 'web' };

let live: LiveSnapshot | undefined;
afterEach(() => live?.close());

async function opened(world: World): Promise<LiveSnapshot> {
  const needs = ['set', 'pods', 'claims', 'endpointSlices', 'nodes', 'stored'] as const;
  [live] = await Promise.all([world.reader.live(needs, target), world.deliver()]);
  live.follow();
  await world.deliver();
  return live;
}

function worldWithSet(): World {
  const world = new World();
  world.models.statefulsets.put('web');
  world.models.pods.put('web-0');
  return world;
}

const setOf = (snapshot: ReturnType<LiveSnapshot['current']>) => sliceOf(snapshot, 'set');

describe('a live snapshot', () => {
  it('follows the set, Pods and PVCs, and keeps the rest', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    expect(view.current().slices).toMatchObject({
      set: { state: 'read', value: { metadata: { name: 'web' }, kind: 'StatefulSet' } },
      pods: { state: 'read', value: [{ metadata: { name: 'web-0' } }] },
      claims: { state: 'read', value: [] },
      nodes: { state: 'read', value: [] },
      stored: { state: 'read' },
    });
    world.models.pods.put('web-1');
    const changed = view.changed();
    await world.deliver();
    await changed;
    expect(sliceOf(view.current(), 'pods')).toMatchObject({ value: [{}, { metadata: { name: 'web-1' } }] });
  });

  it('watches nothing until it is to follow, and then lists nothing again', async () => {
    const world = worldWithSet();
    const [view] = await Promise.all([world.reader.live(['set', 'pods', 'nodes'], target), world.deliver()]);
    live = view;
    world.models.pods.put('web-1');
    await world.deliver();
    await turns(5);
    expect(world.models.pods.watching).toBe(0);
    expect(sliceOf(view.current(), 'pods')).toMatchObject({ value: [{ metadata: { name: 'web-0' } }] });
    view.follow();
    // Waits until the watches have begun, from what was listed.
    await view.caughtUp();
    expect(world.models.pods.watching).toBe(1);
    await world.deliver();
    expect(sliceOf(view.current(), 'pods')).toMatchObject({ value: [{}, { metadata: { name: 'web-1' } }] });
    expect([world.models.pods.lists, world.models.statefulsets.lists]).toEqual([1, 1]);
  });

  it('follows endpoints, which change after their Pods', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    view.current();
    const changed = view.changed();
    world.models.endpointslices.put('web-abc');
    await world.deliver();
    await changed;
    expect(sliceOf(view.current(), 'endpointSlices')).toMatchObject({ state: 'read', value: [{ metadata: { name: 'web-abc' } }] });
  });

  it('never misses a change between a look and the wait', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    const mine = view.current();
    const yours = view.current();
    world.models.pods.put('web-1');
    await world.deliver();
    await view.changed();
    view.current();
    await view.changed(undefined, mine);
    await view.changed(undefined, yours);
    let woke = false;
    void view.changed(undefined, view.current()).then(() => (woke = true));
    await turns(5);
    expect(woke).toBe(false);
    world.models.pods.put('web-2');
    await world.deliver();
    await turns(1);
    expect(woke).toBe(true);
  });

  it('ends a wait with the signal', async () => {
    const view = await opened(worldWithSet());
    view.current();
    const stop = new AbortController();
    const waiting = view.changed(stop.signal);
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    await expect(view.changed(stop.signal)).rejects.toThrow('stop');
  });

  it('says absent when the set is gone', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    world.models.statefulsets.remove('web');
    await world.deliver();
    expect(setOf(view.current())).toMatchObject({ state: 'absent', why: 'not-found' });
  });

  it('looks freshly: the GET counts before its watch event comes', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    world.models.statefulsets.put('web');
    expect(setOf(view.current())).toMatchObject({ value: { metadata: { resourceVersion: '101' } } });
    expect(setOf(await view.fresh())).toMatchObject({ value: { metadata: { resourceVersion: '102' } } });
    expect(setOf(view.current())).toMatchObject({ value: { metadata: { resourceVersion: '102' } } });
    world.models.statefulsets.remove('web');
    expect(setOf(await view.fresh())).toMatchObject({ state: 'absent' });
    expect(setOf(view.current())).toMatchObject({ state: 'absent' });
    await world.deliver();
    expect(setOf(view.current())).toMatchObject({ state: 'absent' });
  });

  it('looks freshly at a set that was created again under its name', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    world.models.statefulsets.remove('web');
    world.models.statefulsets.put('web');
    expect(setOf(await view.fresh())).toMatchObject({ value: { metadata: { uid: 'uid-1' } } });
    await world.deliver();
    expect(setOf(view.current())).toMatchObject({ value: { metadata: { uid: 'uid-1' } } });
  });

  it('does not go back to what a slow GET had found', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    const old = world.models.statefulsets.named('web');
    world.get = () => old;
    world.models.statefulsets.put('web');
    await world.deliver();
    expect(setOf(await view.fresh())).toMatchObject({ value: { metadata: { resourceVersion: '102' } } });
  });

  it('keeps a set that appeared while a GET found none', async () => {
    const world = new World();
    const view = await opened(world);
    world.get = () => {
      world.models.statefulsets.put('web');
      world.models.statefulsets.deliver(10);
      return notFound();
    };
    expect(setOf(await view.fresh())).toMatchObject({ state: 'read', value: { metadata: { uid: 'uid-0' } } });
  });

  it('rejects a fresh look with ApiError while the server does not answer, and gives one when it is back', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    world.break();
    await expect(view.fresh()).rejects.toMatchObject({ name: 'ApiError', sent: 'not-sent' });
    world.down = false;
    world.models.pods.put('web-1');
    const looking = view.fresh();
    await turns(8);
    await world.deliver();
    expect(sliceOf(await looking, 'pods').state).toBe('read');
    await world.deliver();
    expect(sliceOf(view.current(), 'pods')).toMatchObject({ value: [{}, {}] });
  });

  it('shows what it knew for a while when a watch is broken, and then says unknown', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    world.break();
    // Each watch that waits moves the clock.
    await turns(5);
    const at = sliceOf(view.current(), 'pods').at;
    expect(sliceOf(view.current(), 'pods').state).toBe('read');
    world.clock.advance(20_000);
    expect(sliceOf(view.current(), 'pods')).toMatchObject({
      state: 'unknown',
      why: 'server-error',
      message: 'cannot watch pods in namespace prod: refused',
    });
    expect(at).toBeLessThan(world.clock.now() - 15_000);
  });

  it('says unknown where watching is forbidden, and still looks freshly at the rest', async () => {
    const world = worldWithSet();
    world.models.pods.stream = () => Promise.reject(apiError({ status: 403, reason: 'Forbidden', sent: 'rejected' }));
    const view = await opened(world);
    expect(sliceOf(await view.fresh(), 'pods')).toMatchObject({
      state: 'unknown',
      why: 'forbidden',
      message: 'cannot watch pods in namespace prod (forbidden)',
    });
    expect(setOf(await view.fresh()).state).toBe('read');
  });

  it('does not begin where the whole connection fails', async () => {
    const world = worldWithSet();
    world.down = true;
    await expect(opened(world)).rejects.toThrow('cannot reach the API server s of context c');
  });

  it('knows our own writes at once, and only of this namespace and set', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    const written = (kind: string, name: string, namespace: string) => ({
      kind,
      metadata: { name, namespace, uid: `uid-of-${name}`, resourceVersion: '900' },
      spec: { containers: [] },
      status: {},
    });
    world.written.publish({ kind: 'Status' });
    world.written.publish(written('Pod', 'web-9', 'prod'));
    world.written.publish(written('Pod', 'web-8', 'dev'));
    world.written.publish(written('StatefulSet', 'db', 'prod'));
    expect(sliceOf(view.current(), 'pods')).toMatchObject({ value: [{}, { metadata: { name: 'web-9' } }] });
    expect(setOf(view.current())).toMatchObject({ value: { metadata: { name: 'web', resourceVersion: '101' } } });
    world.written.publish({
      ...world.models.statefulsets.named('web'),
      kind: 'StatefulSet',
      metadata: { ...world.models.statefulsets.named('web')?.metadata, namespace: 'prod', resourceVersion: '950' },
    });
    expect(setOf(view.current())).toMatchObject({ value: { metadata: { resourceVersion: '950' } } });
  });

  it('leaves nothing behind when closed', async () => {
    const world = worldWithSet();
    const view = await opened(world);
    view.close();
    await turns(5);
    expect(Object.values(world.models).map(({ watching }) => watching)).toEqual([0, 0, 0, 0]);
  });
});
