import { describe, expect } from 'vitest';
import type { KubectlRemedy } from '../../src/domain/finding.ts';
import { DIAGNOSES } from '../../src/findings/diagnosis/index.ts';
import { commandLine } from '../../src/plan/commandline.ts';
import { expectEnd } from '../support/documents.ts';
import { claimManifest, setManifest } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import type { PluginRun } from '../support/plugin.ts';
import { loadScenario, scenarioNames } from '../support/scenario.ts';
import { budget } from '../support/trouble.ts';

/** What doctor proposes for every scenario that is typed into kubectl; the same about another Pod once. */
function proposed(): readonly KubectlRemedy[] {
  const remedies = scenarioNames()
    .map((name) => loadScenario(name).snapshot)
    .flatMap((snapshot) => DIAGNOSES.flatMap((diagnosis) => diagnosis.run(snapshot)))
    .flatMap((found) => found.remedies)
    .filter((remedy) => remedy.do === 'kubectl');
  return [...new Map(remedies.map((remedy) => [remedy.args.join(' ').replaceAll(/-\d\b/g, '-N'), remedy])).values()];
}

const CHANGES = ['patch', 'label', 'annotate', 'delete', 'create', 'set'];

/** Names in the scenarios, and what bears them here: volumes are the cluster's. */
async function nameables(space: Space): Promise<(line: string) => string> {
  const { namespace, api } = space;
  const pods = ['web-0', 'web-1', 'web-2', 'web-3'];
  const containers = ['main', 'copy'].map((name) => ({ name, image: 'app:1', startupProbe: { httpGet: { port: 8080 } } }));
  const template = { containers, terminationGracePeriodSeconds: 30 };
  const set = await api.create(
    space.sets,
    setManifest({ replicas: 0, strategy: { type: 'RollingUpdate', rollingUpdate: {} }, podSpec: template }),
  );
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: set.metadata.uid };
  await Promise.all([
    ...pods.map((name) => api.create(space.path('pods'), { metadata: { name }, spec: { nodeName: 'nowhere', ...template } })),
    ...pods.map((name) =>
      api.create(space.path('persistentvolumeclaims'), {
        ...claimManifest(`data-${name}`),
        metadata: { name: `data-${name}`, ownerReferences: [owner] },
      }),
    ),
    api.create(space.path('resourcequotas'), { metadata: { name: 'budget' }, spec: { hard: { pods: '10' } } }),
    budget(space, { minAvailable: 3 }),
    ...pods.map((name) => api.create('/api/v1/persistentvolumes', volume(`pv-data-${name}-${namespace}`))),
  ]);
  const uids = new Map((await space.claims()).map(({ metadata }) => [`uid-claim-${metadata.name}`, metadata.uid]));
  return (line) =>
    line
      .replaceAll(/uid-claim-[\w-]+/g, (uid) => uids.get(uid) ?? uid)
      .replaceAll(/\bpv-data-web-\d\b/g, (name) => `${name}-${namespace}`)
      .replace('namespace prod', `namespace ${namespace}`);
}

const volume = (name: string) => ({
  metadata: { name },
  spec: { capacity: { storage: '1Mi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/nowhere' }, storageClassName: 'none' },
});

async function forgetVolumes({ api, namespace }: Space): Promise<void> {
  await Promise.all([0, 1, 2, 3].map((ordinal) => api.delete(`/api/v1/persistentvolumes/pv-data-web-${ordinal}-${namespace}`)));
}

/** Nothing is written: a change is a rehearsal by the server, an editor leaves what it is given. */
function tried(space: Space, { args: [verb = ''] }: KubectlRemedy, line: string): Promise<PluginRun> {
  if (verb === 'edit') return space.line(`KUBE_EDITOR=true ${line}`);
  return space.line(CHANGES.includes(verb) ? `${line} --dry-run=server` : line);
}

/** kubectl understood it, and the object is another matter: these are only looked at. */
const ABSENT = /NotFound|not found|doesn't have a resource type "cluster"|dial tcp: lookup nowhere|no such host/;

describe.concurrent('doctor', () => {
  test('proposes nothing that the real kubectl would not take', async ({ space }) => {
    const named = await nameables(space);
    try {
      const remedies = proposed();
      expect(remedies.length).toBeGreaterThan(30);
      const lines = remedies.map((remedy) => named(commandLine(remedy, { namespace: space.namespace, flags: [] })));
      const runs = await Promise.all(remedies.map((remedy, index) => tried(space, remedy, lines[index] ?? '')));
      for (const [index, run] of runs.entries()) {
        const [verb = ''] = remedies[index]?.args ?? [];
        // Where a budget is missing, and where one forbids too much, both are of the same name.
        if (verb === 'create' && run.stderr.includes('already exists')) continue;
        if (CHANGES.includes(verb) || run.exitCode === 0) expectEnd(run, 0);
        else expect(run.stderr, lines[index]).toMatch(ABSENT);
      }
    } finally {
      await forgetVolumes(space);
    }
  });
});
