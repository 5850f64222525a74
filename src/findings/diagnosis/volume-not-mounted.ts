import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady, wantsPodEvents, warningsOf } from './pods.ts';

/** Signature 16 and others: a volume cannot be attached or mounted. */
export const volumeNotMounted: Diagnosis = {
  id: 'volume-not-mounted',
  title: 'A volume of a Pod cannot be attached or mounted',
  meaning:
    'The Pod has a node, and a volume of it cannot be attached or mounted there: the CSI driver does not run on that node, the storage refuses, a file system is damaged, or a Secret or ConfigMap that the Pod mounts does not exist. It is tried again, at longer and longer intervals.',
  remedy: 'Read the message. Create what is missing, or repair the CSI driver.',
  source: 'pkg/kubelet/volumemanager; pkg/controller/volume/attachdetach',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  further: { slices: ['podEvents'], wanted: (snapshot) => (wantsPodEvents(snapshot) ? ['podEvents'] : []) },
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot)
      .filter(({ status }) => status.phase === 'Pending')
      .flatMap((pod) => {
        const { name } = pod.metadata;
        const [event] = ['FailedAttachVolume', 'FailedMount', 'FailedMapVolume'].flatMap((reason) => warningsOf(pod, reason, snapshot));
        if (event === undefined) return [];
        return [
          {
            grade: 'proven',
            subject: subjectOf('pod', pod),
            message: `a volume of Pod ${name} cannot be used: ${brief(event.message ?? '', 300)}`,
            evidence: [seen(`pod/${name}`, `event[${event.reason}]`, brief(event.message ?? '', 300))],
            remedies: [kubectl('describe', ['pod', name], 'its volumes and events')],
            pods: [name],
          },
        ];
      }),
  ),
};
