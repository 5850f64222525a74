import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/domain/errors.ts';
import { asked } from './fakes.ts';

const change = async (line: string) => (await asked(line))?.arguments[0];

describe('scale', () => {
  it('asks for what was typed', async () => {
    expect(await change('scale sts/web --replicas 3 --current-replicas 5 --one-by-one -y --timeout 30m')).toEqual({
      operation: 'scale',
      name: 'web',
      options: { replicas: 3, currentReplicas: 5, oneByOne: true },
      common: { yes: true, allow: [], takeOver: false, timeoutMs: 1_800_000 },
    });
  });

  it('leaves out what was not typed', async () => {
    expect(await change('scale web --replicas=0 --current-replicas=-1 --timeout=0s --dry-run=none')).toEqual({
      operation: 'scale',
      name: 'web',
      options: { replicas: 0 },
      common: { yes: false, allow: [], takeOver: false },
    });
  });

  it.each([
    ['scale web', '--replicas is required'],
    ['scale --replicas 3', 'a StatefulSet name is required'],
    ['scale web db --replicas 3', 'one StatefulSet at a time, not web, db'],
    ['scale deploy/web --replicas 3', 'deploy/web is not a StatefulSet: this works on StatefulSets only'],
    ['scale web --replicas 3000000000', 'must be a whole number from 0 to 2147483647'],
    ['scale web --replicas 1.5', 'must be a whole number'],
    ['scale web --replicas 3 --yes=false --confirm web', '--yes=false asks for the prompt and --confirm answers it'],
    ['scale web --replicas 3 --confirm=', '--confirm needs a name or a plan'],
    ['scale web --replicas 3 --dry-run=maybe', 'must be client, server or none'],
    ['scale web --replicas 3 --progress=loud', 'must be auto, live, plain, json or none'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });
});

describe('delete, restore, cancel', () => {
  it.each([
    ['delete web', { operation: 'delete', name: 'web', options: {} }],
    [
      'delete sts web --delete-claims --with-service --save-to a.yaml',
      { options: { deleteClaims: true, withService: true }, saveTo: 'a.yaml' },
    ],
    ['delete web --delete-claims=false', { options: {} }],
    ['delete web --dry-run', { common: { dryRun: 'client' } }],
    ['delete web --dry-run=server', { common: { dryRun: 'server' } }],
    ['delete web --confirm plan:0123', { common: { confirm: 'plan:0123' } }],
    ['delete web --allow a,b --allow a', { common: { allow: ['a', 'b'] } }],
    ['restore web --adopt --archive sts-safe.web.3', { operation: 'restore', options: { adopt: true, archive: 'sts-safe.web.3' } }],
    ['cancel web --take-over --reason quiet', { operation: 'cancel', options: {}, common: { takeOver: true, reason: 'quiet' } }],
  ])('%s', async (line, request) => {
    expect(await change(line)).toMatchObject(request);
  });

  it('lists archives without changing anything', async () => {
    expect(await asked('restore web --list -o json')).toMatchObject({
      method: 'archives',
      arguments: ['web', { format: 'json', headers: true }, {}],
    });
  });

  it.each([
    ['restore web --list --adopt', '--list and --adopt cannot be used together'],
    ['restore web --archive=', '--archive needs a name'],
    ['delete -A web', "unknown shorthand flag: 'A' in -A"],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(message);
  });
});

describe('rollout', () => {
  it.each([
    [
      'rollout start web --image db=app:2,init=app:3 --steps 1,50%,100% --pause-at 1 --soak 90s --restart-budget 0 -y',
      {
        operation: 'rollout start',
        options: { image: ['db=app:2', 'init=app:3'], steps: ['1', '50%', '100%'], pauseAt: ['1'], soak: '90000ms', restartBudget: 0 },
      },
    ],
    ['rollout start sts/db -f db.yaml', { name: 'db', options: { manifest: { spec: { template: expect.anything() } } } }],
    ['rollout start web --patch-file patch.yaml', { options: { patch: { spec: { template: expect.anything() } } } }],
    [
      'rollout start web --patch {"spec":{"template":{"spec":{"hostNetwork":true}}}}',
      { options: { patch: { spec: { template: { spec: { hostNetwork: true } } } } } },
    ],
    ['rollout resume web --restart-budget 7', { operation: 'rollout resume', options: { restartBudget: 7 } }],
    ['rollout promote web --full --soak 0', { operation: 'rollout promote', options: { full: true, soak: '0ms' } }],
    ['rollout pause web', { operation: 'rollout pause', options: {} }],
    ['rollout undo web --to-revision 3 --steps 50%', { operation: 'rollout undo', options: { toRevision: 3, steps: ['50%'] } }],
    ['rollout restart web', { operation: 'rollout restart', options: {} }],
  ])('%s', async (line, request) => {
    expect(await change(line)).toMatchObject(request);
  });

  it('only looks', async () => {
    expect(await asked('rollout status web -o json')).toMatchObject({
      method: 'rolloutStatus',
      arguments: ['web', { format: 'json' }, {}],
    });
    expect(await asked('rollout history web')).toMatchObject({ method: 'rolloutHistory', arguments: ['web', { headers: true }, {}] });
  });

  it.each([
    ['rollout start web', '--image, --patch, --patch-file or --filename is required'],
    ['rollout start web --image db', 'invalid value "db" for --image'],
    ['rollout start web --image db=a --patch {}', '--image and --patch cannot be used together'],
    [
      'rollout start web --patch {"spec":{"replicas":3,"template":{}}}',
      '--patch changes spec.replicas: a rollout changes spec.template only',
    ],
    ['rollout start web --patch {spec:{}}', '--patch has no spec.template'],
    ['rollout start web --patch []', '--patch holds no object'],
    ['rollout start web --patch {spec:', '--patch, line 1, column'],
    ['rollout start web -f db.yaml', 'db.yaml is the manifest of db, not of web'],
    ['rollout start db -f patch.yaml', 'patch.yaml is not the manifest of a StatefulSet'],
    ['rollout start web --image db=a --steps 0', 'invalid value "0" for --steps'],
    ['rollout start web --image db=a --steps 120%', 'invalid value "120%" for --steps'],
    ['rollout start web --image db=a --steps 3,1', '--steps 3,1 decreases at 1'],
    ['rollout restart web --pause-at all', 'invalid value "all" for --pause-at'],
    ['rollout undo web --to-revision 0', 'must be a whole number'],
    ['rollout promote web db', 'one StatefulSet at a time'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });
});

describe('status, operations, explain', () => {
  it.each([
    ['status', { names: [], allNamespaces: false, watch: false }, { headers: true }],
    ['status -A --no-headers -o wide', { names: [], allNamespaces: true, watch: false }, { headers: false, format: 'wide' }],
    ['status sts web db -w', { names: ['web', 'db'], allNamespaces: false, watch: true }, { headers: true }],
    ['status -l app=web', { names: [], allNamespaces: false, watch: false, selector: 'app=web' }, { headers: true }],
    ['status web --wait', { names: ['web'], allNamespaces: false, watch: false, waitFor: 'healthy' }, { headers: true }],
    [
      'status web --wait --for scaled --timeout 5m',
      { names: ['web'], allNamespaces: false, watch: false, waitFor: 'scaled', timeoutMs: 300_000 },
      { headers: true },
    ],
  ])('%s', async (line, request, output) => {
    expect(await asked(line)).toMatchObject({ method: 'status', arguments: [request, output, {}] });
    expect((await asked(line))?.arguments.slice(0, 2)).toEqual([request, output]);
  });

  it.each([
    ['status web -A', 'NAME and --all-namespaces cannot be used together'],
    ['status web -l a=b', 'NAME and --selector cannot be used together'],
    ['status -w --wait', '--watch and --wait cannot be used together'],
    ['status web --for healthy', '--for requires --wait'],
    ['status web --timeout 5m', '--timeout requires --wait'],
    ['status po/web', 'po/web is not a StatefulSet'],
    ['operations web', 'operations takes no arguments'],
    ['explain a b', 'one finding at a time, not a, b'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });

  it('passes on where to look', async () => {
    expect(await asked('operations -A -o name')).toMatchObject({ arguments: [true, { format: 'name' }, {}] });
    expect(await asked('explain claim-shared')).toMatchObject({ arguments: ['claim-shared', { headers: true }, {}] });
  });
});

describe('peers', () => {
  const plain = { name: 'web', via: { way: 'auto' }, choice: { readyOnly: false }, check: false, watch: false };

  it.each([
    ['peers web', plain],
    ['peers sts/web --check --wait --for 3 --timeout 1m', { ...plain, check: true, waitFor: 3, timeoutMs: 60_000 }],
    ['peers web --wait', { ...plain, waitFor: 'all' }],
    ['peers web --via system', { ...plain, via: { way: 'system' } }],
    ['peers web --probe http:8080/healthz', { ...plain, probe: { scheme: 'http', port: 8080, path: '/healthz' } }],
    ['peers web --via exec', { ...plain, via: { way: 'exec' } }],
    ['peers web --via exec:client', { ...plain, via: { way: 'exec', pod: 'client' } }],
    ['peers web -w --via port-forward', { ...plain, watch: true, via: { way: 'port-forward' } }],
    ['peers web --dns-server 10.96.0.10', { ...plain, via: { way: 'server', server: { host: '10.96.0.10', port: 53 } } }],
    ['peers web --dns-server dns.example:1053', { ...plain, via: { way: 'server', server: { host: 'dns.example', port: 1053 } } }],
    ['peers web --dns-server fd00::a', { ...plain, via: { way: 'server', server: { host: 'fd00::a', port: 53 } } }],
    ['peers web --dns-server [fd00::a]:54', { ...plain, via: { way: 'server', server: { host: 'fd00::a', port: 54 } } }],
    ['peers web --cluster-domain c.example', { ...plain, clusterDomain: 'c.example' }],
    [
      'peers web --port db --ordinals 0-1,4 --ready-only',
      { ...plain, choice: { readyOnly: true, port: 'db', ordinals: new Set([0, 1, 4]) } },
    ],
    ['peers web --format {host} --join ,', { ...plain, format: { template: '{host}', join: ',' } }],
    ['peers web --format zookeeper', { ...plain, format: { template: 'server.{id}={host}:2888:3888;2181', join: '\n', ports: [2888] } }],
  ])('%s', async (line, request) => {
    expect((await asked(line))?.arguments[0]).toEqual(request);
  });

  it.each([
    ['peers', 'a StatefulSet name is required'],
    ['peers web db', 'one StatefulSet at a time'],
    ['peers web --dns-server=', 'invalid value "" for --dns-server'],
    ['peers web --dns-server a:b', 'invalid value "a:b" for --dns-server'],
    ['peers web --dns-server a:70000', 'invalid value "a:70000" for --dns-server'],
    ['peers web --dns-server a --via port-forward', '--dns-server and --via cannot be used together'],
    ['peers web --ordinals 3-1', 'invalid value "3-1" for --ordinals'],
    ['peers web --ordinals all', 'invalid value "all" for --ordinals'],
    ['peers web --format {hst}', '--format has {hst}'],
    ['peers web --format etc', '--format "etc" has no field'],
    ['peers web --join ,', '--join requires --format'],
    ['peers web --format {host} -o json', '--format and --output cannot be used together'],
    ['peers web -w --check', '--watch and --check cannot be used together'],
    ['peers web --timeout 1m', '--timeout requires --wait'],
    ['peers web --probe udp:53', 'invalid value "udp:53" for --probe'],
    ['peers web --for 3', '--for requires --wait'],
    ['peers web --wait --for most', 'invalid value "most" for --for'],
    ['peers web --via exec:', 'invalid value "exec:" for --via'],
    ['peers web --via dig', 'invalid value "dig" for --via'],
    ['scale web --replicas 3 --gate srv --dns-server a:b', 'invalid value "a:b" for --dns-server'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });
});

describe('pvc list and orphans', () => {
  it.each([
    ['pvc list', { show: 'all', allNamespaces: false }],
    ['pvc list sts/web -n prod', { show: 'all', allNamespaces: false, set: 'web' }],
    ['pvc list --released -A', { show: 'released', allNamespaces: true }],
    ['pvc orphans -A -l app=web', { show: 'orphans', allNamespaces: true, selector: 'app=web' }],
  ])('%s', async (line, request) => {
    const call = await asked(line);
    expect([call?.method, call?.arguments[0]]).toEqual(['pvcs', request]);
  });

  it.each([
    ['pvc list web db', 'one StatefulSet at a time'],
    ['pvc list web -A', 'NAME and --all-namespaces cannot be used together'],
    ['pvc list --released -l a=b', '--released and --selector cannot be used together'],
    ['pvc orphans web', 'pvc orphans takes no arguments'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });
});

describe('pvc retire, restore and purge', () => {
  const about = (name: string) => ({ resource: 'persistentvolumeclaims', name });
  const several = { resource: 'namespaces', name: '' };

  it.each([
    ['pvc retire data-web-4 --yes', { operation: 'pvc retire', ...about('data-web-4'), options: { names: ['data-web-4'] } }],
    ['pvc retire pvc/a persistentvolumeclaim/b', { operation: 'pvc retire', ...several, options: { names: ['a', 'b'] } }],
    [
      'pvc retire --excess --deleted-sets --quarantine 7d --unused-for 1d12h',
      { ...several, options: { names: [], excess: true, deletedSets: true, quarantine: '7d', unusedFor: '1d12h' } },
    ],
    ['pvc restore a --pv p --swap', { operation: 'pvc restore', ...about('a'), options: { names: ['a'], pv: 'p', swap: true } }],
    ['pvc purge a', { operation: 'pvc purge', ...about('a'), options: { names: ['a'] } }],
  ])('%s', async (line, request) => {
    expect((await asked(line))?.arguments[0]).toMatchObject(request);
  });

  it.each([
    ['pvc retire', 'a PVC name is required'],
    ['pvc retire a --excess', 'names cannot be used together'],
    ['pvc retire pod/a', 'pod/a is not a PVC'],
    ['pvc retire A', '"A" cannot be the name of a PVC'],
    ['pvc retire --excess --unused-for=-1d', 'invalid value "-1d" for --unused-for'],
    ['pvc retire --excess --quarantine week', 'invalid value "week" for --quarantine'],
    ['pvc restore', 'a PVC name is required'],
    ['pvc restore a b', 'one PVC at a time, not a, b'],
    ['pvc purge', 'a PVC name is required'],
    ['pvc purge a b --pv p', '--pv is about one PVC'],
  ])('%s', async (line, message) => {
    await expect(asked(line)).rejects.toThrow(UsageError);
    await expect(asked(line)).rejects.toThrow(message);
  });
});
