import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { blocking, expectEnd, refusalOf } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { untilGranted } from '../support/users.ts';

interface Role {
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

type Rules = Role['rules'];

/** Roles outlive the test's namespace where they are of the cluster, or of another one. */
class Granted implements AsyncDisposable {
  readonly #space: Space;
  readonly #made: string[] = [];

  constructor(space: Space) {
    this.#space = space;
  }

  /** The kubeconfig of somebody who may do exactly what `permissions` prints for a command, or what is left of it. */
  async exactly(command: string, keep: (rules: Rules) => Rules = (rules) => rules): Promise<string> {
    const printed = await this.#space.run('permissions', ...command.split(' '), '-o', 'json');
    expectEnd(printed, 0);
    const { items } = JSON.parse(printed.stdout) as { items: readonly Role[] };
    const { user, kubeconfig } = await this.#space.restricted([]);
    await Promise.all(items.map((role) => this.#grant({ ...role, rules: keep(role.rules) }, user)));
    return kubeconfig;
  }

  async #grant({ kind, metadata: { namespace }, rules }: Role, user: string): Promise<void> {
    const name = `only-${user}`;
    const root = `/apis/rbac.authorization.k8s.io/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}`;
    const [roles, bindings] = namespace === undefined ? ['clusterroles', 'clusterrolebindings'] : ['roles', 'rolebindings'];
    const subject = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
    await this.#space.api.create(`${root}/${roles}`, { metadata: { name }, rules });
    await this.#space.api.create(`${root}/${bindings}`, { metadata: { name }, roleRef, subjects: [subject] });
    const [first] = rules;
    if (first !== undefined) await untilGranted(this.#space, user, first, namespace);
    this.#made.push(`${root}/${roles}/${name}`, `${root}/${bindings}/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#made.map((path) => this.#space.api.delete(path)));
  }
}

const template = (round: number): string => JSON.stringify({ spec: { template: { metadata: { annotations: { round: String(round) } } } } });
const paused = (round: number): string => `rollout start web --patch ${template(round)} --steps 1,100% --pause-at 1 --yes`;

/** Each line in turn, by somebody who may do exactly what the command needs. */
async function expectAllDone(space: Space, lines: readonly (readonly [command: string, line: string])[]): Promise<void> {
  await using granted = new Granted(space);
  const users = new Map<string, string>();
  for (const [command, line] of lines) {
    const kubeconfig = users.get(command) ?? (await granted.exactly(command));
    users.set(command, kubeconfig);
    expectEnd(await space.runWith({ kubeconfig }, ...line.split(' ')), 0);
  }
}

/** Without this verb on this resource, wherever it is. */
const without =
  (verb: string, resource: string) =>
  (rules: Rules): Rules =>
    rules.flatMap((rule) => {
      if (!rule.resources.includes(resource)) return [rule];
      const others = rule.resources.filter((one) => one !== resource);
      const verbs = rule.verbs.filter((one) => one !== verb);
      return [
        ...(others.length === 0 ? [] : [{ ...rule, resources: others }]),
        ...(verbs.length === 0 ? [] : [{ ...rule, verbs, resources: [resource] }]),
      ];
    });

describe.skipIf(!inSandbox).concurrent('permissions', () => {
  test('what it prints is all that scale, delete, restore and the pvc commands need', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    await expectAllDone(space, [
      ['pvc protect', 'pvc protect web --yes'],
      ['pvc unprotect', 'pvc unprotect web --yes'],
      ['restart', 'restart web-1 --yes'],
      ['scale', 'scale web --replicas=1 --yes'],
      ['delete', 'delete web --confirm web'],
      ['restore', 'restore web --yes'],
    ]);
    await assertNoClaimLost(space, before);
    await expectAllDone(space, [
      ['pvc retire', 'pvc retire data-web-1 --allow pvc-parked --yes'],
      ['pvc restore', 'pvc restore data-web-1 --yes'],
    ]);
    await assertNoClaimLost(space, before, ['data-web-1']);
    await expectAllDone(space, [
      ['pvc retire', 'pvc retire data-web-1 --allow pvc-parked --yes'],
      ['pvc purge', 'pvc purge data-web-1 --confirm data-web-1'],
    ]);
    await nothingOfOursLeft(space, 'web', true);
  });

  test('what it prints is all that the rollout commands and cancel need', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    await expectAllDone(space, [
      ['rollout start', paused(1)],
      ['rollout promote', 'rollout promote web --full --yes'],
      ['rollout start', paused(2)],
      ['rollout resume', 'rollout resume web --yes'],
      ['rollout undo', 'rollout undo web --yes'],
      ['rollout restart', 'rollout restart web --yes'],
      ['rollout start', paused(3)],
      ['rollout abort', 'rollout abort web --yes'],
      ['rollout start', paused(4)],
      ['cancel', 'cancel web --yes'],
    ]);
    // A rollout of another tool's, which it freezes where it is.
    await space.patchSet({ spec: { template: { metadata: { annotations: { 'sandbox/ready-delay': '20s' } } } } });
    await space.untilPods(
      (pods) => [...pods.values()].some(({ metadata }) => metadata.annotations?.['sandbox/ready-delay'] === '20s'),
      'began',
    );
    await expectAllDone(space, [['rollout pause', 'rollout pause web --yes']]);
    expect((await space.set()).spec.updateStrategy?.rollingUpdate?.partition).toBe(1);
    await assertNoClaimLost(space, before);
  });

  test('what it prints is all that a look needs, and all that is asked about a node', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const node = (await space.pod('web-0')).spec.nodeName ?? '';
    await expectAllDone(space, [
      ['status', 'status web'],
      ['status', 'status --wait'],
      ['doctor', 'doctor'],
      ['recover', 'recover web --print'],
      ['peers', 'peers web'],
      ['rollout status', 'rollout status web'],
      ['rollout history', 'rollout history web'],
      ['pvc list', 'pvc list'],
      ['pvc orphans', 'pvc orphans'],
      ['node check', `node check ${node}`],
      ['operations', 'operations'],
      ['node unfence', `node unfence ${node} --yes`],
    ]);
    // This node is alive, which is why these are refused: not for what they may not.
    await using granted = new Granted(space);
    for (const [command, line] of [
      ['node fence', `node fence ${node} --attest powered-off --evidence BMC --confirm ${node} -o json`],
      ['force-delete', 'force-delete web-0 --attest powered-off --evidence BMC --confirm web-0 -o json'],
    ] as const) {
      const refused = await space.runWith({ kubeconfig: await granted.exactly(command) }, ...line.split(' '));
      expect(blocking(refusalOf(refused).findings)).toContain('node-alive');
      expect(blocking(refusalOf(refused).findings)).not.toContain('permission-missing');
    }
    await space.expectNoWrites();
  });

  test('without one of its rules, the command is refused and says which', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const before = await census(space);
    await using granted = new Granted(space);
    for (const [command, verb, resource, line] of [
      ['scale', 'create', 'secrets', 'scale web --replicas=1 --yes'],
      ['scale', 'watch', 'pods', 'scale web --replicas=1 --yes'],
      ['delete', 'delete', 'statefulsets', 'delete web --confirm web'],
      ['rollout start', 'patch', 'statefulsets', paused(1)],
      ['pvc protect', 'patch', 'persistentvolumes', 'pvc protect web --yes'],
      ['pvc retire', 'list', 'deployments', 'pvc retire data-web-1 --yes'],
    ] as const) {
      const kubeconfig = await granted.exactly(command, without(verb, resource));
      const refused = await space.runWith({ kubeconfig }, ...line.split(' '));
      expectEnd(refused, 3);
      expect(refused.stderr, line).toMatch(new RegExp(`${verb} (resource ")?${resource}\\b`));
    }
    for (const [command, verb, resource, line] of [
      ['status', 'list', 'pods', 'status web'],
      ['node check', 'list', 'nodes', 'node check node-0'],
      ['pvc list', 'list', 'persistentvolumeclaims', 'pvc list'],
    ] as const) {
      const denied = await space.runWith({ kubeconfig: await granted.exactly(command, without(verb, resource)) }, ...line.split(' '));
      expectEnd(denied, 3);
      expect(denied.stderr, line).toMatch(new RegExp(`${verb} (resource ")?${resource}\\b`));
    }
    expect((await census(space)).pods).toEqual(before.pods);

    const kubeconfig = await granted.exactly('scale', without('create', 'secrets'));
    const file = join(space.cluster.dir, `check-${space.namespace}.yaml`);
    const steps = `- {name: gate, gate: "http:8080/", target: web}
- {name: look, exec: [ls], pod: web-0}
- {name: down, operation: scale, target: web, options: {replicas: 1}}
`;
    writeFileSync(file, `apiVersion: sts-safe.dev/v1\nkind: Runbook\nsteps:\n${steps}`);
    const checked = await space.runWith({ kubeconfig }, 'run', file, '--check');
    expectEnd(checked, 5);
    expect(checked.stdout).toMatch(/:4:3: step gate: you may not get pods\/proxy in namespace /);
    expect(checked.stdout).toMatch(/:5:3: step look: (.*forbidden|you may not create pods\/exec in namespace )/);
    expect(checked.stdout).toMatch(/:6:3: step down: .*create secrets in namespace /);
    const shown = await space.runWith({ kubeconfig }, 'permissions', 'scale', '--check');
    expectEnd(shown, 5);
    expect(shown.stdout).toMatch(/^secrets +create +namespace \S+ +needed +no$/m);
    const all = await space.runWith({ kubeconfig }, 'permissions');
    expect(all.stdout).toMatch(/^scale +no +create secrets/m);
    expect(all.stdout).toMatch(/^status +yes *$/m);
    expectEnd(await space.run('permissions', 'skale'), 2);
  });
});
