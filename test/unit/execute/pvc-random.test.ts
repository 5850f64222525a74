import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Volume } from '../../../src/domain/kube.ts';
import { retiredMarkOf } from '../../../src/domain/volume-marks.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** Whatever is done, in whatever order, killed wherever: no data is destroyed but by purge, and none is out of reach. */

const PVC_CLASSES = ['pvc-parked', 'pvc-ambiguous', 'pvc-foreign', 'pvc-protected'];

const action = fc.record({
  what: fc.constantFrom('scale', 'excess', 'retire', 'restore', 'swap', 'protect', 'unprotect'),
  number: fc.integer({ min: 0, max: 3 }),
  /** Killed after so many writes; 0: not at all. */
  killed: fc.constantFrom(0, 0, 1, 2, 3, 4, 5),
});

function requestOf({ what, number }: { readonly what: string; readonly number: number }) {
  const name = `data-web-${number}`;
  const target = { resource: 'persistentvolumeclaims', namespace: 'prod', name } as const;
  const all = { resource: 'namespaces', namespace: 'prod', name: 'prod' } as const;
  const requests = {
    excess: { operation: 'pvc retire', target: all, options: { names: [], excess: true } },
    retire: { operation: 'pvc retire', target, options: { names: [name] }, allow: PVC_CLASSES },
    restore: { operation: 'pvc restore', target, options: { names: [name] } },
    swap: { operation: 'pvc restore', target, options: { names: [name], swap: true } },
    protect: { operation: 'pvc protect', target: { namespace: 'prod', name: 'web' } },
    unprotect: { operation: 'pvc unprotect', target: { namespace: 'prod', name: 'web' } },
  };
  return requests[what as keyof typeof requests];
}

class Killed extends Error {}

async function act(cluster: ModelCluster, one: { readonly what: string; readonly number: number; readonly killed: number }): Promise<void> {
  if (one.what === 'scale') changeSpec(cluster, { replicas: one.number });
  else {
    let writes = 0;
    cluster.onWrite = (when, what) => {
      if (what.includes('/events') || when !== 'after' || one.killed === 0) return;
      if (++writes >= one.killed) throw new Killed();
    };
    // Refusals, and what is not there, are answers as well.
    await driverOf(cluster)
      .run(requestOf(one))
      .catch(() => undefined);
    cluster.onWrite = () => {};
  }
  settle(cluster, 2);
}

it('destroys nothing, and keeps all data within reach', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(action, { minLength: 2, maxLength: 6 }), async (replicas, actions) => {
      const cluster = running(replicas, {}, { volumes: true });
      const known = new Set<string>();
      for (const one of actions) {
        await act(cluster, one);
        const volumes = cluster.list<Volume>('persistentvolumes');
        for (const { metadata } of volumes) known.add(metadata.uid);
        expect(new Set(volumes.map(({ metadata }) => metadata.uid)), JSON.stringify(one)).toEqual(known);
        const lost = volumes.filter((volume) => volume.status.phase !== 'Bound' && retiredMarkOf(volume) === undefined);
        expect(
          lost.map(({ metadata }) => metadata.name),
          JSON.stringify(one),
        ).toEqual([]);
      }
    }),
    { numRuns: 25 },
  );
});
