import { SET_RESOURCE } from '../../cluster/slices/table.ts';
import type { AccessNeed, Permission } from '../../domain/access.ts';
import type { SliceName, Target } from '../../domain/snapshot.ts';
import { DIAGNOSES } from '../../findings/diagnosis/index.ts';
import { DOCTOR_NEEDS } from '../../inspect/doctor.ts';
import { NODE_NEEDS } from '../../inspect/node/report.ts';
import { needsOf } from '../../inspect/status/look.ts';
import { distinct, slicesAccess } from '../../operate/permissions.ts';
import { PEER_NEEDS } from '../../peers/evidence.ts';
import { PVC_SLICES } from '../../pvcs/surroundings.ts';
import { HISTORY_NEEDS, ROLLOUT_NEEDS } from './rollout.ts';

/** What a command that changes nothing reads. */
interface Look {
  /** Without these it fails. */
  readonly required: readonly SliceName[];
  /** Without these it says that it does not know. */
  readonly all: readonly SliceName[];
  /** With -w and --wait the required ones are followed, too. */
  readonly live?: true;
  readonly isOfNode?: true;
  /** What it asks for that is no slice. */
  readonly besides?: (namespace: string) => readonly Permission[];
}

const EXAMINED: Look = {
  required: ['set', 'sets'],
  all: [...DOCTOR_NEEDS, ...DIAGNOSES.flatMap(({ needs, further }) => [...needs, ...(further?.slices ?? [])])],
};

const inNamespace = (why: Permission['why'], verbs: readonly string[], of: Omit<AccessNeed, 'verb'>): readonly Permission[] =>
  verbs.map((verb) => ({ verb, why, ...of }));

/** The content of a revision, where its list is not enough. */
const wholeRevisions = (namespace: string): readonly Permission[] =>
  inNamespace('needed', ['get'], { group: SET_RESOURCE.group, resource: 'controllerrevisions', namespace });

/** To ask DNS: its Pods are found by their EndpointSlice, its domain in the Corefile. */
const dns = (): readonly Permission[] => [
  ...inNamespace('helpful', ['list'], { group: 'discovery.k8s.io', resource: 'endpointslices', namespace: 'kube-system' }),
  ...inNamespace('helpful', ['get'], { group: '', resource: 'configmaps', namespace: 'kube-system' }),
  ...inNamespace('helpful', ['create'], { group: '', resource: 'pods/portforward', namespace: 'kube-system' }),
];

const LOOKS: Readonly<Record<string, Look>> = {
  status: { required: ['set', 'sets', 'pods'], all: needsOf({ names: [''], namespace: '' }), live: true },
  doctor: EXAMINED,
  recover: EXAMINED,
  peers: { required: ['set', 'pods', 'services', 'endpointSlices'], all: PEER_NEEDS, live: true, besides: dns },
  'rollout status': { required: ['set', 'pods'], all: ROLLOUT_NEEDS, besides: wholeRevisions },
  'rollout history': { required: HISTORY_NEEDS, all: HISTORY_NEEDS, besides: wholeRevisions },
  'pvc list': { required: ['claims'], all: PVC_SLICES },
  'pvc orphans': { required: ['claims'], all: PVC_SLICES },
  'node check': { required: ['node'], all: NODE_NEEDS, isOfNode: true },
  operations: { required: ['sets'], all: ['sets', 'savedSets', 'nodes', 'volumes'] },
};

/** Commands that change nothing, in the order of the help. */
export const LOOKING: readonly string[] = Object.keys(LOOKS);

/** Everything that such a command may ask of the API server, each once; empty for what is none. */
export function permissionsToLook(command: string, namespace: string): readonly Permission[] {
  const look = LOOKS[command];
  if (look === undefined) return [];
  const { required, all, live = false, isOfNode = false, besides } = look;
  const target: Target = isOfNode ? { resource: 'nodes', namespace: '', name: '' } : { namespace, name: '' };
  return distinct([
    ...slicesAccess(required, target, live).map((need) => ({ ...need, why: 'needed' as const })),
    ...slicesAccess(all, target, live).map((need) => ({ ...need, why: 'helpful' as const })),
    ...(besides?.(namespace) ?? []),
  ]);
}
