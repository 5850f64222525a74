import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, containersOf, podsNotReady, wayBack } from './pods.ts';

const REASONS: readonly string[] = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'PreCreateHookError'];

/** What the container needs is missing, or the runtime refuses it. */
export const containerNotStartable: Diagnosis = {
  id: 'container-not-startable',
  title: 'A container cannot be created',
  meaning:
    'The image is there, and the container cannot be created or started: a Secret or a ConfigMap that it needs does not exist, a command is not in the image, or the runtime refuses it. The kubelet tries again every few seconds, so a missing object heals by being created.',
  remedy: 'Create the missing object that the message names, or correct the Pod template.',
  source: 'pkg/kubelet/kuberuntime (ErrCreateContainerConfig, ErrCreateContainer)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const { name } = pod.metadata;
      const failed = containersOf(pod).find(({ status }) => REASONS.includes(status.state?.waiting?.reason ?? ''));
      if (failed === undefined) return [];
      const { reason, message = '' } = failed.status.state?.waiting ?? {};
      return [
        {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `container ${failed.status.name} of Pod ${name} cannot be created (${reason}${message === '' ? '' : `: ${brief(message)}`})`,
          evidence: [
            seen(`pod/${name}`, `${failed.field}.state.waiting.reason`, reason),
            seen(`pod/${name}`, `${failed.field}.state.waiting.message`, brief(message, 300)),
          ],
          remedies: [...wayBack(set, pod, snapshot), kubectl('describe', ['pod', name], 'what it needs')],
          pods: [name],
        },
      ];
    }),
  ),
};
