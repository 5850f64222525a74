import { replicasOf, startOf } from '../../domain/naming.ts';
import { familyOf, formatQuantity, parseQuantity } from '../../domain/quantity.ts';
import { kubectl, mergePatch, operationToRun, seen } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';
import { type QuotaRefusal, quotaRefusal, uncreatedPods } from './uncreated.ts';

/** Signatures 11 and 27: a ResourceQuota does not allow the Pod. */
export const podOverQuota: Diagnosis = {
  id: 'pod-over-quota',
  title: 'A ResourceQuota prevents a Pod from being created',
  meaning:
    'The API server rejects the Pod because a ResourceQuota of the namespace is used up. The controller tries again, at longer and longer intervals. An OrderedReady controller creates no Pod above it in the meantime, and a Parallel controller removes none.',
  remedy: 'Raise the quota, free what uses it up, or scale the StatefulSet to what fits.',
  source: 'kubernetes.io: Resource Quotas; #140858',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) =>
    uncreatedPods(set, snapshot).flatMap(({ name, why }) => {
      const refusal = quotaRefusal(why);
      if (refusal === undefined) return [];
      const { metadata } = set;
      const { quota } = refusal;
      const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
      const fits = Number(name.slice(metadata.name.length + 1)) - startOf(set);
      return [
        {
          grade: 'proven',
          subject: { kind: 'resourcequota', name: quota, ...place },
          message: `ResourceQuota ${quota} does not allow Pod ${name}: ${inWords(refusal)}`,
          evidence: [seen(`statefulset/${metadata.name}`, 'event[FailedCreate]', brief(why, 300))],
          remedies: [
            ...raise(refusal),
            ...(fits > 0 && fits < replicasOf(set)
              ? [operationToRun('scale', metadata.name, { replicas: fits }, 'or scale to what fits')]
              : []),
          ],
          pods: [name],
        },
      ];
    }),
  ),
};

function inWords({ requested, used }: QuotaRefusal): string {
  return Object.entries(requested)
    .map(([resource, amount]) => `it needs ${resource}=${amount}, and ${used[resource] ?? 'some'} of it is used`)
    .join('; ');
}

/** So that this one Pod fits. */
function raise({ quota, requested, used }: QuotaRefusal): Diagnosed['remedies'] {
  const hard = Object.entries(requested).map(([resource, amount]) => {
    const [asked, taken] = [parseQuantity(amount), parseQuantity(used[resource] ?? '')];
    return [resource, asked === undefined || taken === undefined ? undefined : formatQuantity(asked + taken, familyOf(amount))] as const;
  });
  if (hard.some(([, value]) => value === undefined)) return [kubectl('describe', ['resourcequota', quota], 'what uses it up')];
  return [mergePatch('resourcequota', quota, { spec: { hard: Object.fromEntries(hard) } }, 'raise the quota by what this Pod needs')];
}
