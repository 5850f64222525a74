import { describe, expect } from 'vitest';
import { expectEnd, refusalOf } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The kubeconfig of somebody who may do exactly what `permissions` prints for a command, or what is left of it. */
async function whoMay(space: Space, command: readonly string[], keep: (role: Role) => object = (role) => role): Promise<string> {
  const printed = await space.run('permissions', ...command, '-o', 'json');
  expectEnd(printed, 0);
  const { items } = JSON.parse(printed.stdout) as { items: readonly Role[] };
  expect(items.map(({ kind }) => kind)).toEqual(['Role']);
  const { user, kubeconfig } = await space.restricted([]);
  const name = `only-${command.join('-')}-${user}`;
  const role = { ...items[0], ...keep(items[0] as Role), metadata: { name } };
  expectEnd(await space.kubectl(['apply', '-f', '-'], JSON.stringify(role)), 0);
  expectEnd(await space.kubectl(['create', 'rolebinding', name, `--role=${name}`, `--user=${user}`]), 0);
  return kubeconfig;
}

describe.skipIf(!inSandbox).concurrent('permissions', () => {
  test('what it prints for a command is all that the command needs', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    for (const [command, args] of [
      [
        ['rollout', 'start'],
        ['rollout', 'start', 'web', '--patch', '{"spec":{"template":{"metadata":{"annotations":{"a":"b"}}}}}', '--yes'],
      ],
      [['scale'], ['scale', 'web', '--replicas=1', '--yes']],
      [['delete'], ['delete', 'web', '--confirm', 'web']],
      [['restore'], ['restore', 'web', '--yes']],
    ] as const) {
      const kubeconfig = await whoMay(space, command);
      expectEnd(await space.runWith({ kubeconfig }, ...args), 0);
    }
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space, 'web', true);
  });

  test('without one of its rules, the command is refused and says which', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const kubeconfig = await whoMay(space, ['scale'], ({ rules }) => ({
      rules: rules.map((rule) => (rule.resources.includes('secrets') ? { ...rule, verbs: ['get', 'patch'] } : rule)),
    }));
    const refused = await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=1', '--yes', '-o', 'json');
    expect(
      refusalOf(refused)
        .findings.map(({ message }) => message)
        .join('\n'),
    ).toMatch(/create secrets in namespace/);
    const shown = await space.runWith({ kubeconfig }, 'permissions', 'scale', '--check');
    expectEnd(shown, 5);
    expect(shown.stdout).toMatch(/^secrets +create +namespace \S+ +needed +no$/m);
    expect((await space.runWith({ kubeconfig }, 'permissions')).stdout).toMatch(/^scale +no +create secrets/m);
    expectEnd(await space.run('permissions', 'skale'), 2);
    expect((await space.set()).spec.replicas).toBe(2);
  });
});
