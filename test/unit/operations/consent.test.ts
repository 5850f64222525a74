import { describe, expect, it } from 'vitest';
import { CATALOGUE, RAISED_BY_OPERATE, RAISED_BY_PEERS } from '../../../src/findings/catalogue.ts';
import type { Rule } from '../../../src/findings/check.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { CHECKS } from '../../../src/findings/index.ts';
import { takes } from '../../../src/operations/consent.ts';
import { consentTo } from '../../../src/operations/operation.ts';
import { consentTable, everyOperation, operationNamed } from '../../../src/operations/registry.ts';

/**
 * `blocks`: --allow goes past it. `never`: nothing does. Written out by hand, and against the product's table: a severity
 * that changes by accident is a promise broken, so whoever changes one on purpose says so here.
 */
type Word = 'blocks' | 'never' | 'warns' | 'notes';

interface Row {
  readonly consent: 'yes-no' | 'typed';
  readonly typedIf?: string;
  /** Unknown blocks. Everywhere `stored`, too: whether an operation of ours is open is never guessed. */
  readonly required: readonly string[];
  /** The product's own table. */
  readonly told: Readonly<Record<string, Word>>;
  /** What the code looks at besides. */
  readonly more: Readonly<Record<string, Word>>;
}

/** Nothing is begun, resumed or cancelled where everything is destroyed. */
const everywhere: Readonly<Record<string, Word>> = { 'namespace-terminating': 'never' };

/** What goes with Pods that leave, by their owner references; what is meant to is only said. */
const owned: Readonly<Record<string, Word>> = { 'pod-owns-objects': 'blocks', 'ephemeral-volume': 'notes' };

/** What a restore and a `cancel` that brings a set back have in common. */
const bringsBack: Pick<Row, 'told' | 'more'> = {
  told: {
    // The table says "never" of archive-newer alone; a set over orphaned Pods adopts and condemns them, so here as well.
    'live-members': 'never',
    'claim-terminating': 'blocks',
    'archive-newer': 'never',
    'claim-missing': 'blocks',
    'claim-replaced': 'blocks',
    'mixed-revisions': 'blocks',
    // The table: "HPA/KEDA that would wake".
    'autoscaler-would-wake': 'warns',
  },
  more: {
    ...everywhere,
    // The table's "absence of the set".
    'set-present': 'never',
    'claim-lost': 'never',
    'quota-exceeded': 'warns',
    'operator-owned': 'warns',
    'gitops-managed': 'warns',
    'service-missing': 'warns',
  },
};

/** Somebody else was at work on what stands open, or on the set itself: to go on would overwrite it. */
const meanwhile: Readonly<Record<string, Word>> = { ...everywhere, 'set-being-deleted': 'never', 'replicas-changed': 'never' };
/** What was promised to stay is not there. */
const promised: Readonly<Record<string, Word>> = { 'claim-missing': 'blocks', 'claim-replaced': 'blocks' };

const rolloutRequired = ['set', 'pods', 'claims', 'hpas', 'stored'];

/** Every rollout, whatever it rolls out. */
const rollsOut: Pick<Row, 'told' | 'more'> = {
  told: {
    'unhealthy-baseline': 'blocks',
    'forgotten-partition': 'blocks',
    'mixed-revisions': 'blocks',
    'rollout-in-progress': 'blocks',
    'mutable-image-tag': 'warns',
    'gitops-managed': 'warns',
  },
  more: {
    ...meanwhile,
    ...promised,
    ...owned,
    'rollout-changed': 'blocks',
    'rollout-stuck': 'blocks',
    'update-pending': 'never',
    'baseline-not-creatable': 'blocks',
    // Pods that an autoscaler adds above the partition start on the new revision.
    'hpa-targets-set': 'blocks',
    'keda-targets-set': 'blocks',
    'operator-owned': 'blocks',
    'manifest-not-applied': 'warns',
    'short-grace': 'warns',
    'pod-finalizer': 'warns',
    'foreign-writer': 'warns',
  },
};

/** What may have come since it was begun. */
const resumesRollout: Pick<Row, 'told' | 'more'> = {
  told: {},
  more: {
    ...meanwhile,
    ...promised,
    'rollout-changed': 'blocks',
    'hpa-targets-set': 'warns',
    'keda-targets-set': 'warns',
    'pod-owns-objects': 'warns',
  },
};
/** Whether something uses a PVC, or its data could be lost, is never guessed. */
const ofClaims = ['claims', 'namespacePods', 'sets', 'followedVolumes', 'attachments'];
const keepsData: Readonly<Record<string, Word>> = { 'pvc-not-restorable': 'never', 'set-operation-open': 'never' };

const pinned: Readonly<Record<string, Row>> = {
  'scale down': {
    consent: 'yes-no',
    // The table says yes/no; what loses data asks for the name, whatever the operation.
    typedIf: 'PVCs are deleted with removed Pods',
    required: ['set', 'pods', 'claims', 'hpas', 'stored'],
    told: {
      'unhealthy-member-stays': 'blocks',
      'rollout-in-progress': 'blocks',
      'hpa-targets-set': 'blocks',
      'keda-targets-set': 'blocks',
      'claims-deleted-on-scale-down': 'blocks',
      'pdb-min-available': 'blocks',
      'operator-owned': 'blocks',
      'gitops-managed': 'warns',
      'short-grace': 'warns',
      'pod-finalizer': 'warns',
      'held-by-partition': 'warns',
    },
    more: {
      ...meanwhile,
      ...promised,
      ...owned,
      'rollout-stuck': 'blocks',
      'baseline-lost-at-zero': 'blocks',
      'pod-on-lost-node': 'warns',
      'claim-not-safe': 'blocks',
      'released-pod': 'warns',
      'foreign-writer': 'warns',
      'replicas-applied': 'notes',
    },
  },
  'scale up': {
    consent: 'yes-no',
    required: ['set', 'pods', 'claims', 'stored'],
    told: {
      'claim-terminating': 'blocks',
      'claim-lost': 'never',
      'anti-affinity-unsatisfiable': 'blocks',
      'quota-exceeded': 'blocks',
      'stale-claims-reattached': 'warns',
      'member-count-hardcoded': 'warns',
    },
    more: {
      ...meanwhile,
      ...promised,
      'claim-template-differs': 'warns',
      'storage-class-missing': 'blocks',
      'released-pod': 'blocks',
      'unhealthy-member-stays': 'warns',
      'hpa-targets-set': 'warns',
      'keda-targets-set': 'warns',
      'operator-owned': 'warns',
      'gitops-managed': 'warns',
      'held-by-partition': 'warns',
      'foreign-writer': 'warns',
      'replicas-applied': 'notes',
    },
  },
  delete: {
    consent: 'typed',
    // What the removed Pods own is read of all Pods, and with --with-service who else uses the Service.
    required: ['set', 'pods', 'podMetadata', 'claims', 'hpas', 'stored'],
    told: {
      'claim-not-safe': 'blocks',
      'claim-shared': 'never',
      'rollout-progressing': 'blocks',
      'hpa-targets-set': 'blocks',
      'keda-targets-set': 'blocks',
      'operator-owned': 'blocks',
      'released-pod': 'blocks',
      'unhealthy-members': 'warns',
      'rollout-stuck': 'warns',
      'held-by-partition': 'warns',
      // Among the warnings of the table; its section on delete says "a note", because all members go anyway.
      'pdb-min-available': 'notes',
      'gitops-managed': 'warns',
      'short-grace': 'warns',
      'pod-finalizer': 'warns',
    },
    more: {
      ...meanwhile,
      ...promised,
      ...owned,
      'archive-outdated': 'blocks',
      'archive-only-in-file': 'warns',
      'claim-in-use': 'never',
      'baseline-lost-at-zero': 'warns',
      'pod-on-lost-node': 'warns',
      'foreign-writer': 'warns',
      // A broken set must be deletable, and an owner acts on its finalizer once the deletion has begun.
      'set-finalizer': 'warns',
      'pvc-finalizer': 'warns',
      'replicas-applied': 'notes',
    },
  },
  restore: {
    consent: 'yes-no',
    typedIf: 'PVCs are deleted with removed Pods',
    required: ['set', 'pods', 'claims', 'stored'],
    told: bringsBack.told,
    more: {
      ...bringsBack.more,
      'archive-outlived': 'warns',
      // What runs is compared with what is put back: Pods that leave, claims with them, Pods that restart.
      'pods-beyond-archive': 'blocks',
      'claims-deleted-on-scale-down': 'blocks',
      'claim-not-safe': 'blocks',
      'pod-owns-objects': 'blocks',
      'adopted-pods-restart': 'blocks',
      'ephemeral-volume': 'notes',
    },
  },
  'rollout abort': {
    consent: 'yes-no',
    typedIf: 'PVCs are deleted with removed Pods',
    // Only the revisions tell what a rollout of others came from.
    required: ['set', 'pods', 'claims', 'stored', 'revisions'],
    // Its row: everything else warns.
    told: {},
    more: {
      ...everywhere,
      'set-being-deleted': 'never',
      // These would destroy data, or start Pods without theirs.
      'claim-not-safe': 'blocks',
      ...owned,
      ...promised,
      'operator-owned': 'warns',
      'gitops-managed': 'warns',
      'pod-finalizer': 'warns',
      'released-pod': 'warns',
    },
  },
  cancel: {
    consent: 'yes-no',
    typedIf: 'PVCs are deleted with removed Pods',
    // The table has no claims; it can do without where no member leaves.
    required: ['set', 'pods', 'claims', 'stored'],
    told: {},
    more: {
      ...everywhere,
      // The table lets nothing but another operation block a way out. These would destroy data.
      'claims-deleted-on-scale-down': 'blocks',
      'claim-not-safe': 'blocks',
      ...owned,
      // And these would start members without their data.
      'claim-missing': 'blocks',
      'claim-replaced': 'blocks',
      'replicas-changed': 'warns',
      // Nothing acts on what cancel would put back.
      'set-being-deleted': 'never',
    },
  },
  // The set is gone already: to come back it is created, and that is as careful as a restore.
  'cancel (set gone)': { consent: 'yes-no', required: ['set', 'pods', 'claims', 'stored'], ...bringsBack },
  // Only PersistentVolumes are changed, and that must work while everything else is being deleted.
  'pvc protect': { consent: 'yes-no', required: ['set', 'followedVolumes'], told: {}, more: {} },
  'pvc unprotect': {
    consent: 'yes-no',
    required: ['set', 'claims', 'followedVolumes'],
    told: {},
    more: { 'volume-would-be-deleted': 'never' },
  },
  'pvc retire': {
    consent: 'yes-no',
    required: ofClaims,
    told: {
      'pvc-in-use': 'never',
      'pvc-parked': 'blocks',
      'pvc-ambiguous': 'blocks',
      'pvc-foreign': 'blocks',
      'pvc-protected': 'blocks',
      'pvc-unknown': 'never',
    },
    more: { ...everywhere, ...keepsData, 'pvc-held-by-finalizer': 'warns' },
  },
  'pvc restore': {
    consent: 'yes-no',
    required: ofClaims,
    // Of the PVC that it swaps away, if it does.
    told: { 'pvc-in-use': 'never' },
    more: { ...everywhere, ...keepsData, 'volume-does-not-fit': 'never' },
  },
  // The set's own PVCs grow: nothing of them is taken away.
  'pvc resize': {
    consent: 'yes-no',
    required: ['set', 'pods', 'claims', 'stored', 'storageClasses'],
    told: {},
    more: { ...everywhere, 'claim-not-expandable': 'never', 'claim-template-differs': 'warns' },
  },
  'pvc purge': { consent: 'typed', required: ['claims', 'followedVolumes'], told: {}, more: { 'volume-static': 'never' } },
  'node fence': {
    consent: 'typed',
    required: ['node', 'lease', 'nodePods', 'attachments'],
    told: {
      'node-alive': 'never',
      'node-ready': 'never',
      'node-storm': 'blocks',
      'node-not-lost': 'blocks',
      'shared-volume': 'warns',
      'local-volume': 'warns',
      'tolerates-fence': 'warns',
    },
    // Never over a taint that another client has set.
    more: { 'foreign-fence': 'never', 'node-operation-open': 'warns' },
  },
  'node unfence': {
    consent: 'yes-no',
    required: ['node'],
    told: {},
    more: { 'node-still-silent': 'blocks', 'same-boot': 'blocks' },
  },
  'force-delete': {
    consent: 'typed',
    // The table's row, and what an operation with a record must know.
    required: ['set', 'pods', 'claims', 'stored', 'node', 'lease', 'nodePods', 'attachments'],
    told: {
      'node-alive': 'never',
      'node-ready': 'never',
      'node-storm': 'blocks',
      'node-not-lost': 'blocks',
      'shared-volume': 'warns',
      'local-volume': 'warns',
    },
    more: {
      ...everywhere,
      'set-being-deleted': 'never',
      'earlier-pod-not-ready': 'blocks',
      'pod-owns-objects': 'blocks',
      'pod-finalizer': 'warns',
      'fence-instead': 'warns',
    },
  },
  restart: {
    consent: 'yes-no',
    required: ['set', 'pods', 'claims', 'stored', 'pdbs'],
    // The table's another-member-down.
    told: { 'unhealthy-member-stays': 'blocks' },
    more: {
      ...everywhere,
      'set-being-deleted': 'never',
      'revision-would-change': 'blocks',
      'eviction-refused': 'never',
      'pod-on-lost-node': 'blocks',
      'pod-owns-objects': 'blocks',
      'short-grace': 'warns',
      'pod-finalizer': 'warns',
    },
  },
  // The table has one row for all of these; "OnDelete not held" is none: a partition holds it while it rolls out.
  'rollout start': { consent: 'yes-no', required: rolloutRequired, ...rollsOut },
  'rollout undo': { consent: 'yes-no', required: [...rolloutRequired, 'revisions'], ...rollsOut },
  'rollout restart': { consent: 'yes-no', required: rolloutRequired, ...rollsOut },
  'rollout resume': { consent: 'yes-no', required: rolloutRequired, ...resumesRollout },
  'rollout promote': { consent: 'yes-no', required: rolloutRequired, ...resumesRollout },
  // The table: another operation that is alive, and nothing else, keeps from pausing; and this is how one is.
  'rollout pause': { consent: 'yes-no', required: rolloutRequired, told: {}, more: {} },
};

const wordOf = ({ severity, check }: Pick<Rule, 'severity' | 'check'>): Word =>
  severity === 'blocks' && check.override === 'never' ? 'never' : severity;

describe('the consent table', () => {
  it('has these operations', () => {
    expect(consentTable().map(({ operation }) => operation)).toEqual(Object.keys(pinned));
  });

  it.each(consentTable().map((row) => [row.operation, row] as const))('%s is as it was promised', (operation, row) => {
    const { consent, typedIf, required, told, more } = pinned[operation] as Row;
    expect(Object.fromEntries(row.rules.map((rule) => [rule.check.id, wordOf(rule)]))).toEqual({ ...told, ...more });
    expect(row.consent).toEqual({ kind: consent, ...(typedIf === undefined ? {} : { typedIf }) });
    expect(row.needs.required).toEqual(required);
  });

  it.each(consentTable().map((row) => [row.operation, row] as const))('%s has no finding twice', (_, { rules }) => {
    expect(new Set(rules.map(({ check }) => check.id)).size).toBe(rules.length);
  });

  it.each(consentTable().map((row) => [row.operation, row] as const))(
    '%s refuses with what the driver raises, and no flag helps',
    (_, row) => {
      for (const id of RAISED_BY_OPERATE) expect(takes(row, id)[0], id).toMatchObject({ severity: 'blocks', override: 'never' });
      expect(takes(row, 'evidence-unknown').map(({ severity }) => severity)).toEqual(['blocks', 'warns']);
    },
  );

  it('knows the one way past an archive that cannot be kept', () => {
    const ways = consentTable().flatMap((row) => takes(row, 'archive-not-writable').map(({ when }) => [row.operation, when]));
    expect(ways.filter(([, when]) => when !== undefined)).toEqual([['delete', expect.stringContaining('--save-to')]]);
  });

  it('leaves no finding of the catalogue out, but those of peers and of the doctor, which are no operations', () => {
    const others = new Set([...RAISED_BY_PEERS, ...DIAGNOSES.map(({ id }) => id)].filter((id) => !CHECKS.some((check) => check.id === id)));
    const ofOperations = CATALOGUE.filter(({ id }) => !others.has(id));
    expect(ofOperations.filter(({ id }) => consentTable().every((row) => takes(row, id).length === 0))).toEqual([]);
  });

  it('is that of the operations that run', () => {
    const names = consentTable().map(({ operation }) => everyOperation().find(({ id }) => `${operation} `.startsWith(`${id} `))?.id);
    expect(new Set(names)).toEqual(new Set(everyOperation().map(({ id }) => id)));
    for (const [at, { needs, consent }] of consentTable().entries()) {
      const operation = operationNamed(names[at] ?? '');
      const slices = ({ required, advisory }: typeof needs) => new Set([...required, ...advisory]);
      expect([slices(needs), consent.kind]).toEqual([operation && slices(operation.needs), operation?.consent.kind]);
    }
  });
});

describe('what a plan asks for', () => {
  it.each([
    ['yes/no', { kind: 'yes-no' }, false, { kind: 'yes-no' }],
    ['typed', { kind: 'typed' }, false, { kind: 'typed', name: 'web' }],
    ['yes/no, in the case that is typed', { kind: 'yes-no', typedIf: 'it hurts' }, true, { kind: 'typed', name: 'web' }],
    ['yes/no, out of that case', { kind: 'yes-no', typedIf: 'it hurts' }, false, { kind: 'yes-no' }],
  ] as const)('%s', (_, rule, exception, consent) => {
    expect(consentTo(rule, 'web', exception)).toEqual(consent);
  });
});
