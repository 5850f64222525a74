import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Claim, Pod, StatefulSet } from '../../../src/domain/kube.ts';
import { lookAtPvcs } from '../../../src/pvcs/look.ts';
import { hpaOf, podOf, setOf } from '../../support/objects.ts';
import { around, named } from './world.ts';

/** Names that run into one another on purpose. */
const names = ['web', 'a-web', 'web-1', 'b'] as const;
const templates = ['data', 'data-a', 'data-web'] as const;

const sets = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      replicas: fc.integer({ min: 0, max: 3 }),
      start: fc.integer({ min: 0, max: 2 }),
      templates: fc.uniqueArray(fc.constantFrom(...templates), { minLength: 1 }),
      most: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) =>
    all.map(({ name, replicas, start, templates: claims, most }) => ({
      most,
      set: setOf({
        name,
        replicas,
        spec: { ordinals: { start }, volumeClaimTemplates: claims.map((template) => ({ metadata: { name: template }, spec: {} })) },
      }),
    })),
  );

const claims = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...templates), fc.constantFrom(...names), fc.integer({ min: 0, max: 7 }))
    .map((parts) => parts.join('-'))
    .map((name) => named(name)),
  { selector: ({ metadata }) => metadata.name },
);

/** Every name that a set would make with so many replicas: as its controller does it. */
function generated({ metadata, spec }: StatefulSet, replicas: number): readonly string[] {
  const start = spec.ordinals?.start ?? 0;
  return Array.from({ length: replicas }, (_, index) => index + start).flatMap((ordinal) =>
    (spec.volumeClaimTemplates ?? []).map((template) => `${template.metadata.name}-${metadata.name}-${ordinal}`),
  );
}

it('never calls a PVC left over that a set has, may have again as far as anything known says, or that a Pod mounts', () => {
  const world = fc.tuple(sets, claims, fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 4 }))));
  fc.assert(
    fc.property(world, ([all, found, running]) => {
      const pods: readonly Pod[] = running.map(([name, ordinal]) =>
        podOf(all.find(({ set }) => set.metadata.name === name)?.set ?? setOf({ name }), ordinal),
      );
      const hpas = all.flatMap(({ set, most }) => (most === undefined ? [] : [hpaOf(set.metadata.name, { spec: { maxReplicas: most } })]));
      const { items } = lookAtPvcs(around({ sets: all.map(({ set }) => set), claims: found, namespacePods: pods, hpas }));
      expect(items.map(({ name }) => name).sort()).toEqual(found.map(({ metadata }: Claim) => metadata.name).sort());
      const left = items.filter((item) => item.class === 'excess' || item.class === 'set-deleted');
      const wanted = new Set([
        ...all.flatMap(({ set, most = 0 }) => generated(set, Math.max(set.spec.replicas ?? 1, most))),
        ...pods.flatMap(({ spec }) => (spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? [])),
      ]);
      expect(left.filter(({ name }) => wanted.has(name))).toEqual([]);
      // What is called deleted has no set that ever generates it; what is excess has exactly one, which is not at 0.
      const makers = (name: string) => all.filter(({ set }) => generated(set, 20).includes(name));
      for (const item of left) {
        const who = makers(item.name);
        if (item.class === 'set-deleted') expect(who).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});
