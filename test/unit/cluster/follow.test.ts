import { afterEach, describe, expect, it } from 'vitest';
import type { Followed, LiveSnapshots, Many } from '../../../src/cluster/api.ts';
import { type SliceName, sliceOf } from '../../../src/domain/snapshot.ts';
import { apiError, turns } from './fakes.ts';
import { World } from './world.ts';

let live: LiveSnapshots | undefined;
afterEach(() => live?.close());

const needs: readonly SliceName[] = ['set', 'pods', 'claims', 'endpointSlices', 'nodes', 'stored'];

async function followed(world: World, scope: Followed): Promise<LiveSnapshots> {
  [live] = await Promise.all([world.reader.follow(needs, scope), world.deliver()]);
  await world.deliver();
  return live;
}

function worldOf(...sets: readonly string[]): World {
  const world = new World();
  for (const name of sets) world.models.statefulsets.put(name);
  return world;
}

const places = ({ snapshots }: Many): readonly string[] => snapshots.map(({ target }) => `${target.namespace}/${target.name}`);
const states = ({ snapshots }: Many): readonly string[] => snapshots.map((snapshot) => sliceOf(snapshot, 'set').state);

describe('many sets', () => {
  it('take one watch a resource, however many there are', async () => {
    const world = worldOf('web', 'db', 'queue');
    const view = await followed(world, { namespace: 'prod' });
    expect(places(view.current())).toEqual(['prod/db', 'prod/queue', 'prod/web']);
    expect(Object.values(world.models).map(({ watching, lists }) => [watching, lists])).toEqual([
      [1, 2],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    view.close();
    await turns(5);
    expect(Object.values(world.models).map(({ watching }) => watching)).toEqual([0, 0, 0, 0]);
  });

  it('come and go', async () => {
    const world = worldOf('web');
    const view = await followed(world, { namespace: 'prod' });
    view.current();
    const changed = view.changed();
    world.models.statefulsets.put('db');
    world.models.statefulsets.remove('web');
    await world.deliver();
    await changed;
    expect(places(view.current())).toEqual(['prod/db']);
    expect(view.current().sets).toMatchObject({ state: 'read', value: 1 });
  });

  it('have what is in their namespace, and no more', async () => {
    const world = new World();
    world.models.statefulsets.put('web', 'prod');
    world.models.statefulsets.put('db', 'dev');
    world.models.pods.put('web-0', 'prod');
    world.models.pods.put('db-0', 'dev');
    const { snapshots } = (await followed(world, {})).current();
    expect(snapshots.map((snapshot) => [snapshot.target.name, sliceOf(snapshot, 'pods')])).toMatchObject([
      ['db', { value: [{ metadata: { name: 'db-0' } }] }],
      ['web', { value: [{ metadata: { name: 'web-0' } }] }],
    ]);
    expect(sliceOf(snapshots[0]!, 'nodes').state).toBe('read');
  });

  it('with names are told of also while they are not there', async () => {
    const world = worldOf('web', 'queue');
    const view = await followed(world, { namespace: 'prod', names: ['web', 'db'] });
    expect([places(view.current()), states(view.current())]).toEqual([
      ['prod/web', 'prod/db'],
      ['read', 'absent'],
    ]);
    world.models.statefulsets.remove('web');
    world.models.statefulsets.put('db');
    await world.deliver();
    expect(states(view.current())).toEqual(['absent', 'read']);
  });

  it('are not gone when they cannot be read', async () => {
    const world = worldOf('web');
    const view = await followed(world, { namespace: 'prod', names: ['web'] });
    world.break();
    await turns(4);
    world.clock.advance(20_000);
    const look = view.current();
    expect([states(look), look.sets]).toMatchObject([
      ['unknown'],
      { message: 'cannot watch statefulsets.apps in namespace prod: refused' },
    ]);
  });

  it('may not be watched by everybody', async () => {
    const world = worldOf('web');
    world.models.statefulsets.stream = () => Promise.reject(apiError({ status: 403, reason: 'Forbidden', sent: 'rejected' }));
    const view = await followed(world, { namespace: 'prod' });
    expect(view.current()).toMatchObject({ snapshots: [], sets: { state: 'unknown', why: 'forbidden' } });
  });

  it('do not begin where the whole connection fails', async () => {
    const world = worldOf('web');
    world.down = true;
    await expect(followed(world, { namespace: 'prod' })).rejects.toThrow('cannot reach the API server s of context c');
  });
});

describe('what we stored about a named set', () => {
  const stored = ({ snapshots }: Many) => sliceOf(snapshots[0]!, 'stored');

  it('is read again when that is asked for, and that is a change', async () => {
    const world = worldOf('web');
    const view = await followed(world, { namespace: 'prod', names: ['web'] });
    expect(stored(view.current())).toMatchObject({ value: { entries: [] } });
    world.stored.set('web', { entries: [], index: { metadata: { name: 'sts-safe.web', uid: 'u', resourceVersion: '7' } } });
    const changed = view.changed();
    await view.rereadStored(['web']);
    await changed;
    expect(stored(view.current())).toMatchObject({ value: { index: { metadata: { uid: 'u' } } } });
  });

  it('is not known while the server is away, and the watches go on', async () => {
    const world = worldOf('web');
    const view = await followed(world, { namespace: 'prod', names: ['web'] });
    world.break();
    await view.rereadStored(['web']);
    expect(stored(view.current())).toMatchObject({ state: 'unknown', why: 'server-error' });
  });
});
