import type { Sandbox } from '../../sandbox/index.ts';
import type { World } from './world.ts';

/** One rule of a Role, without the noise. */
export interface Right {
  readonly verbs: readonly string[];
  /** `pods`, `statefulsets.apps`, `statefulsets.apps/scale`: as `kubectl auth can-i` has it. */
  readonly resources: readonly string[];
}

/** What `scale`, `delete`, `restore` and `cancel` need in a namespace, and nothing more. */
export const ordinaryRights: readonly Right[] = [
  { verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'], resources: ['statefulsets.apps'] },
  { verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] },
  { verbs: ['get', 'list', 'watch', 'patch', 'delete'], resources: ['persistentvolumeclaims'] },
  { verbs: ['get', 'create', 'patch', 'delete'], resources: ['secrets'] },
  { verbs: ['get', 'list', 'create', 'delete'], resources: ['services'] },
  { verbs: ['list'], resources: ['horizontalpodautoscalers.autoscaling'] },
  { verbs: ['create'], resources: ['events'] },
];

/** The ordinary rights but these: `without(['list'], 'horizontalpodautoscalers.autoscaling')`. */
export function without(verbs: readonly string[], resource: string): readonly Right[] {
  return ordinaryRights.flatMap((right) => {
    if (!right.resources.includes(resource)) return [right];
    const others = right.resources.filter((one) => one !== resource);
    const kept = right.verbs.filter((verb) => !verbs.includes(verb));
    return [
      ...(others.length === 0 ? [] : [{ verbs: right.verbs, resources: others }]),
      ...(kept.length === 0 ? [] : [{ verbs: kept, resources: [resource] }]),
    ];
  });
}

/** A user with these rights in the world's namespace; answers the path of their kubeconfig. */
export async function restrictedUser(world: World, sandbox: Sandbox, user: string, rights: readonly Right[]): Promise<string> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${world.namespace}`;
  const name = user.replaceAll(/[^a-z0-9-]/g, '-');
  await world.api.create(`${rbac}/roles`, {
    metadata: { name },
    rules: rights.flatMap(({ verbs, resources }) =>
      resources.map((resource) => {
        const [plural = '', ...group] = resource.split('/')[0]?.split('.') ?? [];
        const subresource = resource.includes('/') ? `/${resource.split('/')[1]}` : '';
        return { verbs, apiGroups: [group.join('.')], resources: [`${plural}${subresource}`] };
      }),
    ),
  });
  await world.api.create(`${rbac}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
  });
  return sandbox.userKubeconfig(user);
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Until the server grants what was just bound: its authorizer learns of it by a watch of its own. Asks again as soon as it has answered. */
export async function untilGranted({ api }: World, user: string, { apiGroups, resources, verbs }: Rule, namespace?: string): Promise<void> {
  const [resource, subresource] = (resources[0] ?? '').split('/');
  const resourceAttributes = { group: apiGroups[0], resource, subresource, verb: verbs[0], namespace };
  for (let asked = 0; asked < 2000; asked += 1) {
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user, resourceAttributes } };
    const { status } = await api.create<{ status: { allowed: boolean } }>('/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
    if (status.allowed) return;
  }
  throw new Error(`${user} is never granted ${verbs[0]} ${resources[0]}`);
}
