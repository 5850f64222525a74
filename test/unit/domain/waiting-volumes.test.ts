import { describe, expect, it } from 'vitest';
import type { Volume } from '../../../src/domain/kube.ts';
import { type WantedClaim, withoutVolume } from '../../../src/domain/waiting-volumes.ts';
import { waitingVolume } from '../../support/objects.ts';

const claim = (name: string, spec: WantedClaim['spec'] = {}): WantedClaim => ({
  namespace: 'prod',
  name,
  spec: { storageClassName: 'manual', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (spec: Partial<Volume['spec']> = {}, over: Partial<Volume['metadata']> = {}): Volume =>
  waitingVolume(over.name ?? 'pv', { storageClassName: 'manual', ...spec }, over);

describe('a PersistentVolume that waits', () => {
  it.each<[string, Volume, WantedClaim['spec'], boolean]>([
    ['of the size', volume(), {}, true],
    ['larger', volume({ capacity: { storage: '2Gi' } }), {}, true],
    ['smaller', volume({ capacity: { storage: '1023Mi' } }), {}, false],
    ['of another class', volume({ storageClassName: 'other' }), {}, false],
    ['of no class', volume({ storageClassName: '' }), {}, false],
    [
      'whose class is in the old annotation',
      volume({ storageClassName: '' }, { annotations: { 'volume.beta.kubernetes.io/storage-class': 'manual' } }),
      {},
      true,
    ],
    ['with more access modes', volume({ accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }), {}, true],
    ['without one of the access modes', volume(), { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }, false],
    ['of the other volume mode', volume({ volumeMode: 'Block' }), {}, false],
    ['of the volume mode', volume({ volumeMode: 'Block' }), { volumeMode: 'Block' }, true],
    ['that the selector selects', volume({}, { labels: { disk: 'ssd' } }), { selector: { matchLabels: { disk: 'ssd' } } }, true],
    ['that the selector does not select', volume(), { selector: { matchLabels: { disk: 'ssd' } } }, false],
    ['that the PVC names', volume(), { volumeName: 'pv' }, true],
    ['that the PVC does not name', volume(), { volumeName: 'pv-2' }, false],
    ['that is being deleted', volume({}, { deletionTimestamp: '2026-06-01T12:00:00Z' }), {}, false],
    ['that was used before', { ...volume(), status: { phase: 'Released' } }, {}, false],
    ['that is reserved for this PVC', volume({ storageClassName: 'x', claimRef: { namespace: 'prod', name: 'data-web-3' } }), {}, true],
    ['that is reserved for another', volume({ claimRef: { namespace: 'prod', name: 'data-web-4' } }), {}, false],
    ['that is reserved in another namespace', volume({ claimRef: { namespace: 'test', name: 'data-web-3' } }), {}, false],
    ['that was bound to one of that name', volume({ claimRef: { namespace: 'prod', name: 'data-web-3', uid: 'old' } }), {}, false],
  ])('%s', (_, one, spec, fits) => {
    expect(withoutVolume([claim('data-web-3', spec)], [one]).length === 0).toBe(fits);
  });

  it('is given away once, the smallest that fits first', () => {
    const [small, large] = [volume({}, { name: 'small' }), volume({ capacity: { storage: '5Gi' } }, { name: 'large' })];
    const big = claim('big', { resources: { requests: { storage: '5Gi' } } });
    expect(withoutVolume([claim('a'), big], [large, small])).toEqual([]);
    expect(withoutVolume([claim('a'), claim('b'), big], [large, small])).toEqual([big]);
  });

  it('and is reserved is not given to another', () => {
    const reserved = volume({ claimRef: { namespace: 'prod', name: 'b' } }, { name: 'reserved' });
    expect(withoutVolume([claim('a'), claim('b')], [reserved, volume()])).toEqual([]);
    expect(withoutVolume([claim('a'), claim('b')], [reserved])).toEqual([claim('a')]);
  });
});
