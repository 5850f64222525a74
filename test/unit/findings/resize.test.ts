import type { Claim, StatefulSet } from '../../../src/domain/kube.ts';
import type { Intent } from '../../../src/findings/check.ts';
import { claimNotExpandable } from '../../../src/findings/claim-not-expandable.ts';
import { claimTemplateDiffers } from '../../../src/findings/claim-template-differs.ts';
import { claimsFor, scaleTo, setOf, storageClassOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const sized = (size: string) => ({ spec: { resources: { requests: { storage: size } } } });
const template = { metadata: { name: 'data' }, spec: { ...sized('1Gi').spec, storageClassName: 'fast' } };
const web: StatefulSet = { ...setOf(), spec: { ...setOf().spec, volumeClaimTemplates: [template] } };

/** PVCs of web that request this and have that. */
const claims = (request: string, capacity = request, over: Partial<Claim['status']> = {}): readonly Claim[] =>
  claimsFor(web).map((claim) => ({
    ...claim,
    spec: { ...claim.spec, ...sized(request).spec, storageClassName: 'fast' },
    status: { phase: 'Bound', capacity: { storage: capacity }, ...over },
  }));
const resize = (all: readonly Claim[], size: string): Intent => ({
  operation: 'pvc resize',
  set: web,
  leaving: [],
  arriving: [],
  staying: [],
  expands: all.slice(0, 1).map((claim) => ({ claim, size })),
});
const world = (all: readonly Claim[], allow = true) =>
  worldOf(web, { claims: all, storageClasses: [{ ...storageClassOf('fast'), allowVolumeExpansion: allow }] });

table(claimNotExpandable, {
  'a bound one of a class that allows it': { see: world(claims('1Gi')), when: resize(claims('1Gi'), '2Gi'), says: [] },
  'below what it has': {
    see: world(claims('2Gi')),
    when: resize(claims('2Gi'), '1Gi'),
    says: ['PVC data-web-0 has 2Gi, and cannot be made smaller (1Gi)'],
    seen: ['persistentvolumeclaim/data-web-0: status.capacity.storage = 2Gi'],
  },
  // KEP-1790: a request that no driver could fulfil is taken back, down to what there is.
  'below a request that was never fulfilled': {
    see: world(claims('9Gi', '1Gi'), false),
    when: resize(claims('9Gi', '1Gi'), '2Gi'),
    says: [],
  },
  'a class that does not allow it': {
    see: world(claims('1Gi'), false),
    when: resize(claims('1Gi'), '2Gi'),
    says: ['PVC data-web-0 is of StorageClass fast, which does not allow expansion'],
  },
  'a class that is gone': {
    see: worldOf(web, { claims: claims('1Gi'), storageClasses: [] }),
    when: resize(claims('1Gi'), '2Gi'),
    says: [/^PVC data-web-0 is of StorageClass fast, which does not exist/],
  },
  'one that is not bound': {
    see: world(claims('1Gi', '1Gi', { phase: 'Pending' })),
    when: resize(claims('1Gi', '1Gi', { phase: 'Pending' }), '2Gi'),
    says: ['PVC data-web-0 is Pending: only a bound PVC can be expanded'],
  },
});

table(claimTemplateDiffers, {
  'nothing was expanded': { see: world(claims('1Gi')), when: scaleTo(web, 5), says: [] },
  'the same size, written otherwise': { see: world(claims('1024Mi')), when: scaleTo(web, 5), says: [] },
  'new PVCs will be smaller': {
    see: world(claims('2Gi')),
    when: scaleTo(web, 5),
    says: ['new PVCs of template data (of web-3, …) will have 1Gi; existing ones have 2Gi'],
    seen: ['statefulset/web: spec.volumeClaimTemplates[data].spec.resources.requests.storage = 1Gi'],
  },
  'a scale-down makes none': { see: world(claims('2Gi')), when: scaleTo(web, 1), says: [] },
  'an expansion tells it beforehand': {
    see: world(claims('1Gi')),
    when: resize(claims('1Gi'), '2Gi'),
    says: ['new PVCs of template data will still have 1Gi, and not 2Gi'],
  },
});
