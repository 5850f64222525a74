import { pvcFinalizer } from '../../../src/findings/pvc-finalizer.ts';
import { setFinalizer } from '../../../src/findings/set-finalizer.ts';
import { claimsFor, deleteOf, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const finalized = { ...web, metadata: { ...web.metadata, finalizers: ['example.com/protection'] } };
const held = claimsFor(web, { 1: { metadata: { finalizers: ['kubernetes.io/pvc-protection', 'example.com/hold'] } } });
const destroys = { ...deleteOf(web), destroysClaims: true };

table(setFinalizer, {
  'is silent without finalizers': { see: worldOf(web), when: deleteOf(web), says: [] },
  'is silent about those that Kubernetes removes': {
    see: worldOf({ ...web, metadata: { ...web.metadata, finalizers: ['orphan', 'foregroundDeletion'] } }),
    when: deleteOf(web),
    says: [],
  },
  'names finalizer and likely owner': {
    see: worldOf(finalized),
    when: deleteOf(finalized),
    says: [
      'StatefulSet web remains, with 0 replicas, until finalizer example.com/protection (likely owner: example.com) is removed; until then it can be neither restored nor cancelled',
    ],
    seen: ['statefulset/web: metadata.finalizers = example.com/protection'],
    tries: ['kubectl get statefulset web -o yaml --show-managed-fields -n prod'],
  },
});

table(
  pvcFinalizer,
  {
    'is silent where PVCs are kept': { see: worldOf(web, { claims: held }), when: deleteOf(web), says: [] },
    'is silent about pvc-protection': {
      see: worldOf(web, { claims: claimsFor(web, { 1: { metadata: { finalizers: ['kubernetes.io/pvc-protection'] } } }) }),
      when: destroys,
      says: [],
    },
    'names the PVC, finalizer and likely owner': {
      see: worldOf(web, { claims: held }),
      when: destroys,
      says: ['PVC data-web-1 remains until finalizer example.com/hold (likely owner: example.com) is removed'],
      seen: ['persistentvolumeclaim/data-web-1: metadata.finalizers = example.com/hold'],
    },
  },
  // Goes by the intent's set.
  ['set'],
);
