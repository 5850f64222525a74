import { unknown } from '../../../src/domain/reading.ts';
import { hpaTargetsSet } from '../../../src/findings/hpa-targets-set.ts';
import { kedaTargetsSet } from '../../../src/findings/keda-targets-set.ts';
import { deleteOf, hpaOf, NOW, scaledObjectOf, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const disabled = { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } };
const to = (apiVersion: string) => ({ scaleTargetRef: { apiVersion, kind: 'StatefulSet', name: 'web' } });
const hpas = (...list: readonly ReturnType<typeof hpaOf>[]) => worldOf(web, { hpas: list });

table(hpaTargetsSet, {
  'no HPA': { see: worldOf(web), when: deleteOf(web), says: [] },
  'one on this set': {
    see: hpas(hpaOf('web')),
    when: scaleTo(web, 1),
    says: ['HPA web keeps web at 2 to 10 members and would fight a change to 1'],
    seen: ['horizontalpodautoscaler/web: spec.scaleTargetRef = StatefulSet/web', 'horizontalpodautoscaler/web: spec.minReplicas = 2'],
    tries: [
      `kubectl patch horizontalpodautoscaler web --type merge -p '{"spec":{"minReplicas":1,"behavior":{"scaleUp":{"selectPolicy":"Disabled"},"scaleDown":{"selectPolicy":"Disabled"}}}}' -n prod`,
    ],
    grade: 'proven',
  },
  'one on another set': { see: hpas(hpaOf('api')), when: deleteOf(web), says: [] },
  'one on a Deployment of this name': {
    see: hpas(hpaOf('web', { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } })),
    when: deleteOf(web),
    says: [],
  },
  'one on another group’s StatefulSet': { see: hpas(hpaOf('web', { spec: to('apps.kruise.io/v1beta1') })), when: deleteOf(web), says: [] },
  'behavior Disabled alone still raises to minReplicas': {
    see: hpas(hpaOf('web', { spec: { behavior: disabled } })),
    when: deleteOf(web),
    says: [/^HPA web keeps web at 2 to 10/],
    seen: ['horizontalpodautoscaler/web: spec.behavior.scaleUp.selectPolicy = Disabled'],
  },
  'minReplicas 1 alone still scales': { see: hpas(hpaOf('web', { spec: { minReplicas: 1 } })), when: deleteOf(web), says: [/1 to 10/] },
  'both, as the remedy says: asleep': {
    see: hpas(hpaOf('web', { spec: { minReplicas: 1, behavior: disabled } })),
    when: deleteOf(web),
    says: [],
  },
  'Disabled with bounds that never come into play': {
    see: hpas(hpaOf('web', { spec: { minReplicas: 2, behavior: disabled } })),
    when: scaleTo(web, 2),
    says: [],
  },
  'asleep, but maxReplicas is below what there is': {
    see: hpas(hpaOf('web', { spec: { minReplicas: 1, maxReplicas: 2, behavior: disabled } })),
    when: scaleTo(web, 1),
    says: [/1 to 2 members/],
    tries: [/"maxReplicas":3/],
  },
  'asleep, and maxReplicas is just what there is': {
    see: hpas(hpaOf('web', { spec: { minReplicas: 1, maxReplicas: 3, behavior: disabled } })),
    when: scaleTo(web, 1),
    says: [],
  },
  'minReplicas 0 does not rest at 0 (HPAScaleToZero)': {
    see: hpas(hpaOf('web', { spec: { minReplicas: 0, behavior: disabled } })),
    when: deleteOf(web),
    says: [/0 to 10 members/],
  },
  'minReplicas left out is 1': {
    see: hpas(hpaOf('web', { spec: { minReplicas: undefined, behavior: disabled } as never })),
    when: deleteOf(web),
    says: [],
  },
  'one that KEDA made is KEDA’s': { see: hpas(hpaOf('web', { name: 'keda-hpa-web' })), when: deleteOf(web), says: [] },
});

const scaled = (...list: readonly ReturnType<typeof scaledObjectOf>[]) =>
  worldOf(web, { scaledObjects: list, hpas: [hpaOf('web', { name: 'keda-hpa-web' })] });

table(
  kedaTargetsSet,
  {
    'no KEDA': { see: worldOf(web), when: deleteOf(web), says: [] },
    'a ScaledObject on this set': {
      see: scaled(scaledObjectOf('web')),
      when: deleteOf(web),
      says: ["KEDA's ScaledObject web drives web: it scales it by its triggers, from 0 too"],
      seen: ['scaledobject/web: spec.scaleTargetRef = StatefulSet/web'],
      tries: ['kubectl annotate scaledobject web autoscaling.keda.sh/paused=true --overwrite -n prod'],
    },
    'kind left out means Deployment': {
      see: worldOf(web, { scaledObjects: [scaledObjectOf('web', { spec: { scaleTargetRef: { name: 'web' } } })] }),
      when: deleteOf(web),
      says: [],
    },
    'paused: true': {
      see: scaled(scaledObjectOf('web', { annotations: { 'autoscaling.keda.sh/paused': 'true' } })),
      when: deleteOf(web),
      says: [],
    },
    'paused: false': {
      see: scaled(scaledObjectOf('web', { annotations: { 'autoscaling.keda.sh/paused': 'false' } })),
      when: deleteOf(web),
      says: [/by its triggers/],
    },
    'paused at the very number': {
      see: scaled(scaledObjectOf('web', { annotations: { 'autoscaling.keda.sh/paused-replicas': '2' } })),
      when: scaleTo(web, 2),
      says: [],
    },
    'paused at another number, which wins over paused': {
      see: scaled(
        scaledObjectOf('web', { annotations: { 'autoscaling.keda.sh/paused-replicas': '3', 'autoscaling.keda.sh/paused': 'true' } }),
      ),
      when: scaleTo(web, 2),
      says: ["KEDA's ScaledObject web drives web: it is paused at 3 members and would return there"],
      tries: ['kubectl annotate scaledobject web autoscaling.keda.sh/paused=true autoscaling.keda.sh/paused-replicas- --overwrite -n prod'],
    },
    'a plain HPA is not KEDA’s': { see: hpas(hpaOf('web')), when: deleteOf(web), says: [] },
    'KEDA’s HPA on another set': { see: hpas(hpaOf('api', { name: 'keda-hpa-api' })), when: deleteOf(web), says: [] },
    'only its HPA can be seen': {
      see: worldOf(web, { scaledObjects: unknown('forbidden', 'no', NOW), hpas: [hpaOf('web', { name: 'keda-hpa-orders' })] }),
      when: deleteOf(web),
      says: ['HPA keda-hpa-orders was made by KEDA and drives web; its ScaledObject was not seen'],
      tries: ['kubectl annotate scaledobject orders autoscaling.keda.sh/paused=true --overwrite -n prod'],
      grade: 'likely',
    },
    'an HPA of another name that a ScaledObject owns': {
      see: worldOf(web, {
        hpas: [
          hpaOf('web', {
            metadata: { ownerReferences: [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'orders', uid: 'u' }] },
          }),
        ],
      }),
      when: deleteOf(web),
      says: [/^HPA web was made by KEDA/],
      tries: [/^kubectl annotate scaledobject orders /],
    },
  },
  ['scaledObjects'],
);
