import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { expectEnd } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { killedWhen } from '../support/stages.ts';

const HEAD = 'apiVersion: sts-safe.dev/v1\nkind: Runbook\n';

/** A runbook of this namespace, and its journal beside it. */
function runbook(
  space: Space,
  steps: string,
): { readonly file: string; readonly args: readonly string[]; readonly journal: () => readonly string[] } {
  const file = join(space.cluster.dir, `runbook-${space.namespace}.yaml`);
  const journal = `${file}.journal`;
  writeFileSync(file, HEAD + steps);
  const lines = (): readonly string[] => readFileSync(journal, 'utf8').trimEnd().split('\n');
  return {
    file,
    args: ['run', file, '--journal', journal, '--yes'],
    journal: () =>
      lines().map((line) =>
        Object.values(JSON.parse(line) as { entry: string; step?: string })
          .slice(0, 2)
          .join(' '),
      ),
  };
}

interface RunResult {
  readonly outcome: string;
  readonly exitCode: number;
  readonly message: string;
  readonly resumeCommand?: string;
  readonly steps: readonly { readonly name: string; readonly outcome: string }[];
}

const outcomes = (text: string): readonly string[] =>
  (JSON.parse(text) as RunResult).steps.map(({ name, outcome }) => `${name} ${outcome}`);

const steps = `parameters:
  to: {type: integer}
steps:
- {name: before, command: [sh, -c, "echo begun in $$STS_SAFE_NAMESPACE"]}
- {name: shrink, operation: scale, target: web, options: {replicas: "\${to}"}}
- {name: well, wait: healthy, target: web, timeout: 1m}
- {name: agree, approve: Go on?}
- {name: away, operation: delete, target: web, confirm: web}
`;

describe.concurrent('run', () => {
  test('killed within an operation, it resumes where it was, and does nothing twice', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.mark();
    const before = await census(space);
    const { args, journal } = runbook(space, steps);
    const all = [...args, '--set', 'to=1', '--approve', 'agree'];

    const unapproved = await space.run(...args, '--set', 'to=1');
    expectEnd(unapproved, 3);
    expect(unapproved.stderr).toContain('step agree needs an approval, and there is no terminal to ask on; nothing was done');
    await killedWhen(async () => (await space.set()).spec.replicas === 2, space, all);
    expect(journal().slice(1)).toEqual(['begun before', 'done before', 'begun shrink']);

    const again = await space.run(...all);
    expectEnd(again, 3);
    expect(again.stderr).toMatch(/an earlier run of .* is not finished: 1 steps are done/);
    const other = await space.run(...args, '--set', 'to=2', '--approve', 'agree', '--resume');
    expectEnd(other, 3);
    expect(other.stderr).toContain('the run cannot be resumed: parameter to was 1, this is 2');

    const resumed = await space.run(...all, '--resume', '-o', 'json');
    expectEnd(resumed, 0);
    expect(outcomes(resumed.stdout)).toEqual(['before skipped', 'shrink done', 'well done', 'agree done', 'away done']);
    expect(resumed.stderr).not.toContain('begun in');
    expect(await space.findSet()).toBeUndefined();
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
    expect(journal().at(-1)).toMatch(/^finished/);
  });

  test('does not go on with a set that another client has replaced or changed', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const { args } = runbook(
      space,
      `steps:
- {name: one, operation: scale, target: web, options: {replicas: 1}}
- {name: broken, command: ["false"]}
- {name: zero, operation: scale, target: web, options: {replicas: 0}}
`,
    );
    const failed = await space.run(...args, '-o', 'json');
    expectEnd(failed, 4);
    const { message, resumeCommand } = JSON.parse(failed.stdout) as RunResult;
    expect(message).toBe('step broken: false: exit code 1');
    expect(outcomes(failed.stdout)).toEqual(['one done', 'broken failed', 'zero not-run']);

    const before = await census(space);
    await space.patchSet({ spec: { minReadySeconds: 1 } });
    const changed = await space.line(`${resumeCommand ?? ''} --yes`);
    expectEnd(changed, 3);
    expect(changed.stderr).toMatch(/web was changed by another client \(generation \d+, it was \d+\) since step one was done/);

    await space.kubectl(['delete', 'service', 'web']);
    await space.kubectl(['delete', 'statefulset', 'web', '--cascade=orphan', '--wait']);
    await space.applySet({ replicas: 1 });
    const replaced = await space.line(`${resumeCommand ?? ''} --yes`);
    expectEnd(replaced, 3);
    expect(replaced.stderr).toMatch(/web was created again by another client/);
    await assertOnlyTouched(space, before, []);
  });

  test('takes a patch from a file beside it, and is run by one process at a time', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const go = join(space.cluster.dir, `go-${space.namespace}`);
    const patch = `patch-${space.namespace}.yaml`;
    const { file, args, journal } = runbook(
      space,
      `steps:
- {name: well, gate: 'command:test "$STS_SAFE_POD" = web-0', target: web, timeout: 10s}
- {name: held, command: [sh, -c, 'echo waiting in $$STS_SAFE_CONTEXT; until [ -e "$$0" ]; do sleep 0.1; done', ${go}]}
- {name: up, operation: rollout start, target: web, options: {patchFile: ${patch}}}
- {name: updated, wait: updated, target: web}
`,
    );
    const unread = await space.run(...args);
    expectEnd(unread, 2);
    expect(unread.stderr).toMatch(new RegExp(`^${file}:6:\\d+: step up: .*${patch} cannot be read`, 'm'));
    const template = { metadata: { labels: { app: 'web', round: '2' } } };
    writeFileSync(join(space.cluster.dir, patch), JSON.stringify({ spec: { template, replicas: 0 } }));
    const tooMuch = await space.run('run', file, '--check');
    expectEnd(tooMuch, 5);
    expect(tooMuch.stdout).toContain('step up: the patch changes spec.replicas: a rollout changes spec.template only');
    writeFileSync(join(space.cluster.dir, patch), JSON.stringify({ spec: { template } }));

    const first = space.start(args, { cwd: '/' });
    await first.sees(/\| waiting in /);
    const second = await space.run(...args);
    expectEnd(second, 3);
    expect(second.stderr).toMatch(new RegExp(`another process is running this runbook \\(process ${first.pid} on `));
    writeFileSync(go, '');
    expectEnd(await first.ended, 0);
    expect(journal().filter((line) => line.startsWith('done'))).toEqual(['done well', 'done held', 'done up', 'done updated']);
    expect((await space.pod('web-0')).metadata.labels?.['round']).toBe('2');
    writeFileSync(join(space.cluster.dir, patch), JSON.stringify({ spec: { template: {} } }));
    expectEnd(await space.run(...args, '--resume'), 3);
  });

  test('asks on a terminal at every step that needs it, and ends where somebody says no', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const { file, args } = runbook(
      space,
      `steps:
- {name: agree, approve: Is the backup complete?}
- {name: down, operation: scale, target: web, options: {replicas: 1}}
- {name: further, approve: And further?}
- {name: zero, operation: scale, target: web, options: {replicas: 0}}
`,
    );
    const plugin = space.terminal(args.filter((arg) => arg !== '--yes'));
    await plugin.sees(/Is the backup complete\?/);
    plugin.type('y\r');
    await plugin.sees(/Proceed\?/i);
    plugin.type('y\r');
    await plugin.sees(/And further\?/);
    plugin.type('n\r');
    const { exitCode, text } = await plugin.ended;
    expect(exitCode, text).toBe(4);
    expect(text).toMatch(/further +approve +declined/);
    expect(text).toContain(`run ${file}`);
    expect((await space.set()).spec.replicas).toBe(1);
  });

  test('finds what is wrong before anything is done', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const bad = runbook(
      space,
      `steps:
- {name: a, operation: scale, target: web, options: {replica: 1}}
- {name: b, opration: scale, target: web}
`,
    );
    const faulty = await space.run(...bad.args);
    expectEnd(faulty, 2);
    expect(faulty.stderr).toContain(`${bad.file}:5:3: step b does nothing (did you mean operation?)`);

    const absent = runbook(
      space,
      `steps:
- {name: a, operation: scale, target: wbe, options: {replicas: 1}}
- {name: b, operation: scale, target: web, options: {replicas: 2}}
- {name: c, operation: pvc retire, target: data-web-9}
- {name: d, gate: "http:8080/", target: webb}
- {name: e, wait: healthy, target: wbe}
`,
    );
    const checked = await space.run('run', absent.file, '--check');
    expectEnd(checked, 5);
    expect(checked.stdout).toMatch(new RegExp(`^${absent.file}:4:3: step a: StatefulSet wbe not found`));
    expect(checked.stdout).toContain(`${absent.file}:6:3: step c: PVC data-web-9 not found`);
    expect(checked.stdout).toContain(`${absent.file}:7:3: step d: StatefulSet webb not found`);
    expect(checked.stdout.trim().split('\n')).toHaveLength(3);
    const planned = await space.run('run', absent.file, '--dry-run');
    expectEnd(planned, 3);
    expect(planned.stdout).toContain('Scale StatefulSet web up from 1 to 2');
    expect((await space.set()).spec.replicas).toBe(1);
    expectEnd(await space.run('run', `${absent.file}.none`), 1);
  });
});
