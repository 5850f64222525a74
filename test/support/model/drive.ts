import { expect } from 'vitest';
import type { ClusterReader } from '../../../src/cluster/api.ts';
import { isPodSlice, withPodSlices } from '../../../src/cluster/slices/table.ts';
import { type AccessNeed, accessKey } from '../../../src/domain/access.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { podsNamedAfter } from '../../../src/domain/members.ts';
import { read, unknown } from '../../../src/domain/reading.ts';
import { listOf, type SliceName, type Snapshot, sliceOf } from '../../../src/domain/snapshot.ts';
import { permissionsOf } from '../../../src/operate/permissions.ts';
import type { OperatePorts, OperationRequest } from '../../../src/operate/ports.ts';
import { runOperation } from '../../../src/operate/run.ts';
import { accessOf } from '../../../src/operations/access.ts';
import { operationNamed } from '../../../src/operations/registry.ts';
import type { OperationEvent } from '../../../src/plan/events.ts';
import type { Gate } from '../../../src/plan/gate.ts';
import type { Planned } from '../../../src/plan/plan.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import { readStored } from '../../../src/record/index-secret.ts';
import type { Liveness } from '../../../src/record/takeover.ts';
import type { ModelCluster } from './cluster.ts';
import { round } from './controller.ts';

/** What comes by watch. */
const WATCHED: readonly SliceName[] = ['set', 'pods', 'claims', 'followedVolumes', 'node', 'nodePods', 'attachments'];

export interface Driver {
  readonly cluster: ModelCluster;
  readonly planned: Planned[];
  readonly events: OperationEvent[];
  readonly stop: AbortController;
  /** Called after every round of the model: the place for invariants and for interference. */
  afterRound: () => void;
  /** Called at every look before a step, be it at what the watches show or at the set itself; may throw, when the server is away. */
  look: () => void;
  /** How often the set was read before a step. */
  freshLooks: number;
  /** Called when the plan was shown and agreed to, before it is carried out: for what happens while somebody reads it. */
  afterConsent: () => void;
  /** Whether somebody is asked about the plan, and not a flag. */
  prompts: boolean;
  /** How often each slice was read from the server: watches are no reads. */
  readonly reads: Map<SliceName, number>;
  /** Called when somebody was asked to take a silent operation over, before they say yes. */
  takeOver: () => void;
  /** Told that no signal may end the process now. */
  enterSection: OperatePorts['enterSection'];
  /** What a gate answers about a Pod. */
  askGate: (gate: Gate, pod: string) => { readonly holds: boolean; readonly said: string };
  /** What is known of whoever holds an open record. */
  liveness: Liveness;
  /** What cannot be read. */
  blind: readonly SliceName[];
  /** Why nothing can be read any more. */
  away: Error | undefined;
  /** What of these the operator may not do. */
  denied: (needs: readonly AccessNeed[]) => readonly AccessNeed[];
  /** Why the server did not answer about some. */
  unasked: readonly string[];
  run(request: Partial<OperationRequest> & Pick<OperationRequest, 'operation'>): Promise<OperationResult>;
}

/** Whatever a plan is to write, its operation declares: `permissions` is made from that. */
function assertDeclared(planned: Planned): void {
  const operation = planned.outcome === 'plan' ? operationNamed(planned.plan.operation) : undefined;
  if (planned.outcome !== 'plan' || operation === undefined) return;
  const declared = permissionsOf(operation, planned.plan.target.namespace || 'prod').map(accessKey);
  const writes = accessOf(planned.plan).filter(
    ({ verb, resource }) => ['create', 'patch', 'delete'].includes(verb) && !resource.includes('/'),
  );
  expect(declared, `declared writes of ${operation.id}`).toEqual(expect.arrayContaining(writes.map(accessKey)));
}

/** Runs operations of ours against the model, with its time: a sleep or a wait is what lets the world go on. */
export function driverOf(cluster: ModelCluster, holder = { user: 'ann', host: 'here', pid: 1 }, files = new Map<string, string>()): Driver {
  const planned: Planned[] = [];
  const events: OperationEvent[] = [];
  let stop = new AbortController();
  let about = cluster.options.target;
  const seen = (): Snapshot => ({ ...cluster.snapshot(), target: about });
  const turn = (): void => {
    round(cluster);
    driver.afterRound();
  };
  const clock: Clock = {
    now: () => cluster.now,
    sleep: async (ms, signal) => {
      const until = cluster.now + ms;
      // Long sleeps (heartbeat, deadlines) end with the operation; they must not move the world by themselves.
      if (ms >= 5000) {
        await new Promise<void>((_, reject) => {
          if (signal?.aborted === true) reject(new Error('aborted'));
          signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        });
      }
      while (cluster.now < until) {
        await Promise.resolve();
        turn();
      }
    },
  };
  const look = async (needs: readonly SliceName[]): Promise<Snapshot> => {
    if (driver.away !== undefined) throw driver.away;
    const snapshot = seen();
    const { target } = snapshot;
    // Of Pods a look has those of the set, and metadata of the others: checks that lean on more would see it here.
    const pods = [...podsNamedAfter(target.name, listOf(snapshot, 'pods')).values()];
    const podMetadata = listOf(snapshot, 'pods').map(({ metadata }) => ({ metadata }));
    const slices = {
      ...snapshot.slices,
      pods: read(pods, cluster.now),
      podMetadata: read(podMetadata, cluster.now),
      ...(needs.includes('stored') ? { stored: read(await readStored(cluster.verbs, target), cluster.now) } : {}),
    };
    const unseen = driver.blind.map((slice) => [slice, unknown('forbidden', `cannot read ${slice}`, cluster.now)]);
    const all: Snapshot['slices'] = { ...slices, ...Object.fromEntries(unseen) };
    for (const slice of needs) driver.reads.set(slice, (driver.reads.get(slice) ?? 0) + 1);
    return { ...snapshot, slices: Object.fromEntries(needs.map((slice) => [slice, all[slice]])) };
  };
  const reader = {
    identity: () => Promise.resolve(cluster.snapshot().cluster),
    read: look,
    readSlice: async (slice: SliceName) => sliceOf(await look([slice]), slice),
    denied: (needs: readonly AccessNeed[], unknown: (message: string) => void) => {
      for (const message of driver.unasked) unknown(message);
      return Promise.resolve(driver.denied(needs));
    },
    suggestSets: () => Promise.resolve([]),
    live: async (needs: readonly SliceName[]) => {
      // Listed when it opens; these come by watch from then on.
      const watched = new Set(WATCHED.filter((slice) => !driver.blind.includes(slice)));
      let { slices: listed } = await look(needs);
      const now = (): Snapshot => {
        const snapshot = seen();
        const live = needs.filter((slice) => watched.has(slice)).map((slice) => [slice, snapshot.slices[slice]]);
        return { ...snapshot, slices: withPodSlices({ ...listed, ...Object.fromEntries(live) }) };
      };
      return {
        follow: () => {},
        reread: async (slices: readonly SliceName[]) => {
          const others = slices.filter((slice) => !watched.has(slice) && !isPodSlice(slice));
          listed = { ...listed, ...(await look(others)).slices };
        },
        current: now,
        changed: async () => {
          await Promise.resolve();
          turn();
        },
        fresh: async () => {
          await Promise.resolve();
          driver.freshLooks += 1;
          driver.look();
          return now();
        },
        caughtUp: async () => {
          await Promise.resolve();
          driver.look();
          return now();
        },
        close: () => {},
      };
    },
  } as unknown as ClusterReader;
  let id = 0;
  const driver: Driver = {
    cluster,
    planned,
    events,
    get stop() {
      return stop;
    },
    afterRound: () => {},
    look: () => {},
    freshLooks: 0,
    afterConsent: () => {},
    prompts: false,
    reads: new Map(),
    takeOver: () => {},
    enterSection: () => () => {},
    askGate: () => ({ holds: true, said: 'exit code 0' }),
    liveness: 'gone',
    blind: [],
    away: undefined,
    denied: () => [],
    unasked: [],
    run: async (request) => {
      stop = new AbortController();
      about = request.target ?? cluster.options.target;
      let tookOver = false;
      const ports: OperatePorts = {
        reader,
        verbs: cluster.verbs,
        dryRunVerbs: cluster.dryRunVerbs,
        serverNow: () => cluster.now,
        clock,
        operator: holder,
        liveness: () => driver.liveness,
        newId: () => `op-${++id}-${cluster.now}`,
        consent: {
          get prompted() {
            return driver.prompts || tookOver;
          },
          ask: () => {
            driver.afterConsent();
            return Promise.resolve('yes');
          },
          takeOver: () => {
            tookOver = true;
            driver.takeOver();
            return Promise.resolve(true);
          },
        },
        show: (one) => {
          assertDeclared(one);
          planned.push(one);
        },
        sink: { emit: (event) => events.push(event), close: () => {} },
        saveFile: (path, text) => Promise.resolve(void files.set(path, text)),
        readFile: (path) => {
          const text = files.get(path);
          return text === undefined ? Promise.reject(new Error('no file')) : Promise.resolve(text);
        },
        enterSection: driver.enterSection,
        askGate: async (gate, { pod }) => {
          await Promise.resolve();
          return driver.askGate(gate, pod);
        },
        stop: stop.signal,
      };
      return await runOperation(
        { target: cluster.options.target, options: {}, allow: [], takeOver: true, stepTimeoutMs: 120_000, ...request },
        ports,
      );
    },
  };
  return driver;
}
