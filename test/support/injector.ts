import { setManifest } from './manifests.ts';
import type { World } from './world.ts';

const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';

/** Adds this annotation to the template of every StatefulSet that is created in the namespace. */
export const INJECTED = 'injected.example.com/at';

const EXPRESSION = `Object{spec: Object.spec{template: Object.spec.template{metadata: Object.spec.template.metadata{annotations: {"${INJECTED}": "create"}}}}}`;

/**
 * Runs `work` while a MutatingAdmissionPolicy changes templates at CREATE, as sidecar injectors do. The policy is an object of
 * the whole cluster: it looks at this namespace alone, and is gone in the end.
 */
export async function whileInjecting(world: World, work: () => Promise<void>): Promise<void> {
  const { api, namespace } = world;
  const name = `inject-${namespace}`;
  const [policies, bindings] = [`${REGISTRATION}/mutatingadmissionpolicies`, `${REGISTRATION}/mutatingadmissionpolicybindings`];
  const matchConstraints = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], resources: ['statefulsets'], operations: ['CREATE'] }],
  };
  const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: EXPRESSION } }];
  try {
    await api.create(policies, {
      metadata: { name },
      spec: { matchConstraints, failurePolicy: 'Fail', reinvocationPolicy: 'IfNeeded', mutations },
    });
    await api.create(bindings, { metadata: { name }, spec: { policyName: name } });
    // Nothing tells when the API server has taken it up, so it is asked.
    while (!(await isInjected(world)));
    await work();
  } finally {
    await Promise.all([api.delete(`${bindings}/${name}`), api.delete(`${policies}/${name}`)]);
  }
}

async function isInjected({ api, sets }: World): Promise<boolean> {
  const tried = await api.create(`${sets}?dryRun=All`, setManifest({ name: 'tried' }));
  return JSON.stringify(tried).includes(INJECTED);
}
