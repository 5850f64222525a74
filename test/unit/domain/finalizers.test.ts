import { describe, expect, it } from 'vitest';
import { claims } from '../../../src/cluster/slices/claims.ts';
import { pods } from '../../../src/cluster/slices/pods.ts';
import { finalizersRemoved, foreignFinalizers, isHeldByFinalizers } from '../../../src/domain/finalizers.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../../../src/domain/kube.ts';

const objectOf = (metadata: Partial<ObjectMeta>) => ({ metadata: { name: 'x', uid: 'u', resourceVersion: '1', ...metadata } });
const gone = { deletionTimestamp: '2026-06-01T12:00:00Z', deletionGracePeriodSeconds: 0 } as const;

it('finalizers of Kubernetes are nobody else’s to remove', () => {
  const finalizers = ['orphan', 'foregroundDeletion', 'kubernetes.io/pvc-protection', 'example.com/hold'];
  expect(foreignFinalizers(objectOf({ finalizers }))).toEqual(['example.com/hold']);
  expect(foreignFinalizers(objectOf({}))).toEqual([]);
});

describe('an object is held by finalizers', () => {
  it.each<[boolean, string, Partial<ObjectMeta>]>([
    [true, 'when it is deleted and nothing else is left', { ...gone, finalizers: ['example.com/hold'] }],
    [false, 'not before it is deleted', { finalizers: ['example.com/hold'] }],
    [false, 'not while a Pod uses the PVC', { ...gone, finalizers: ['kubernetes.io/pvc-protection', 'example.com/hold'] }],
    [false, 'not while the garbage collector has to act', { ...gone, finalizers: ['orphan', 'example.com/hold'] }],
    [false, 'not while its containers may run', { ...gone, deletionGracePeriodSeconds: 30, finalizers: ['example.com/hold'] }],
    [false, 'not without any', gone],
  ])('%s: %s', (is, _, metadata) => {
    expect(isHeldByFinalizers(objectOf(metadata))).toBe(is);
  });
});

describe('who is likely to own them', () => {
  const managedFields: readonly ManagedFieldsEntry[] = [
    { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:status': {} } },
    {
      manager: 'backup-operator',
      operation: 'Update',
      fieldsV1: { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"example.com/hold"': {} } } },
    },
  ];
  const finalizers = ['example.com/hold', 'keep-me'];

  it('is told by the domain, and by the field manager that set them', () => {
    expect(finalizersRemoved(objectOf({ finalizers, managedFields }))).toBe(
      'finalizers example.com/hold (likely owner: example.com; set by backup-operator), keep-me are removed',
    );
    expect(finalizersRemoved(objectOf({ finalizers: ['keep-me'] }))).toBe('finalizer keep-me is removed');
  });

  it('is kept of what is read of Pods and PVCs, and no other field is', () => {
    const raw = objectOf({ finalizers, managedFields });
    const pod = pods.decode({ ...raw, spec: { containers: [] }, status: {} });
    const claim = claims.decode({ ...raw, spec: {}, status: {} });
    for (const object of [pod, claim]) expect(finalizersRemoved(object)).toContain('set by backup-operator');
    expect(pod.metadata.managedFields).toHaveLength(1);
    expect(claim.metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1 === undefined)).toEqual([true, false]);
    expect(
      pods.decode({ ...objectOf({ managedFields: managedFields.slice(0, 1) }), spec: { containers: [] }, status: {} }).metadata,
    ).not.toHaveProperty('managedFields');
  });
});
