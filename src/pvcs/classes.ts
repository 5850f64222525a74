import { isEphemeral } from '../domain/claims.ts';
import { creatorOf, isMadeForSet } from '../domain/creator.ts';
import type { Evidence } from '../domain/finding.ts';
import type { Claim, OwnerReference, StatefulSet } from '../domain/kube.ts';
import { memberName, replicasOf, startOf } from '../domain/naming.ts';
import { highestCount } from './highest-count.ts';
import { keepMark, operatorMark } from './keep-marks.ts';
import type { Pvc } from './pvc.ts';
import type { Generator, Surroundings } from './surroundings.ts';

/** A PVC's class, and why. */
export type Verdict = Pick<Pvc, 'class' | 'reason' | 'evidence' | 'set' | 'ordinal'>;

/**
 * What a PVC is. In this order: what uses it now; whether it could be more than one set's; who has a word in it besides; and only
 * then, with all evidence read, whether a set that is there could want it again, or its set is proven to be deleted.
 */
export function verdictOn(claim: Claim, around: Surroundings): Verdict {
  return (
    mounted(claim, around) ??
    ambiguous(claim, around) ??
    inRange(claim, around) ??
    usedOtherwise(claim, around) ??
    kept(claim, around) ??
    foreign(claim, around) ??
    blind(claim, around) ??
    ofSet(claim, around) ??
    ofDeletedSet(claim, around)
  );
}

const about = ({ metadata: { name } }: Claim): string => `persistentvolumeclaim/${name}`;

/** A Pod of any phase: what has ended still holds its PVCs, and what is Pending wants them. */
function mounted(claim: Claim, around: Surroundings): Verdict | undefined {
  const pod = around.podUsing(claim);
  if (pod === undefined) return undefined;
  const { name, deletionTimestamp } = pod.metadata;
  const phase = deletionTimestamp === undefined ? (pod.status.phase ?? 'Pending') : 'Terminating';
  const [set] = around.setsOf(claim);
  const reason = `is mounted by Pod ${name} (${phase})`;
  return { class: 'in-use', reason, evidence: [seen(`pod/${name}`, 'spec.volumes', claim.metadata.name)], ...placed(set) };
}

function ambiguous(claim: Claim, around: Surroundings): Verdict | undefined {
  const sets = around.setsOf(claim).map(({ owner: { metadata, spec } }) => ({
    words: `StatefulSet ${metadata.name}`,
    evidence: seen(`statefulset/${metadata.name}`, 'spec.volumeClaimTemplates', templatesIn(spec)),
  }));
  const kin = around.kinOf(claim).map(({ owner: { resource, name, templates } }) => ({
    words: `${resource} ${name}`,
    evidence: seen(`${resource}/${name}`, 'spec.volumeClaimTemplates', templates.join(', ')),
  }));
  const all = [...sets, ...kin];
  if (all.length < 2) return undefined;
  const reason = `has a name that ${all.map(({ words }) => words).join(' and ')} all generate`;
  return { class: 'ambiguous', reason, evidence: all.map(({ evidence }) => evidence) };
}

function templatesIn({ volumeClaimTemplates = [] }: StatefulSet['spec']): string {
  return volumeClaimTemplates.map(({ metadata }) => metadata.name).join(', ');
}

function inRange(claim: Claim, around: Surroundings): Verdict | undefined {
  const [set] = around.setsOf(claim);
  if (set === undefined || !isInRange(set)) return undefined;
  const { name } = set.owner.metadata;
  const evidence = [seen(`statefulset/${name}`, 'spec.replicas', replicasOf(set.owner))];
  return { class: 'in-use', reason: `belongs to ${memberName(name, set.ordinal)} of StatefulSet ${name}`, evidence, ...placed(set) };
}

function isInRange({ owner, ordinal }: Generator<StatefulSet>): boolean {
  return ordinal >= startOf(owner) && ordinal < startOf(owner) + replicasOf(owner);
}

function usedOtherwise(claim: Claim, around: Surroundings): Verdict | undefined {
  const [template, node, snapshot, clone] = [
    around.templateNaming(claim),
    around.nodeOf(claim),
    around.snapshotOf(claim),
    around.cloneOf(claim),
  ];
  const use = (reason: string, evidence: Evidence): Verdict => ({ class: 'in-use', reason, evidence: [evidence] });
  if (template !== undefined)
    return use(
      `is named by the template of ${template.kind} ${template.name}`,
      seen(`${template.kind.toLowerCase()}/${template.name}`, 'spec.template.spec.volumes', claim.metadata.name),
    );
  if (node !== undefined)
    return use(
      `has its volume attached to node ${node}`,
      seen(`persistentvolume/${claim.spec.volumeName ?? ''}`, 'volumeattachment', node),
    );
  if (snapshot !== undefined)
    return use(
      `is read by VolumeSnapshot ${snapshot.metadata.name}, which is not ready yet`,
      seen(`volumesnapshot/${snapshot.metadata.name}`, 'status.readyToUse', 'false'),
    );
  if (clone !== undefined)
    return use(`is cloned into PVC ${clone.metadata.name}`, seen(about(clone), 'spec.dataSource.name', claim.metadata.name));
  return undefined;
}

function kept(claim: Claim, around: Surroundings): Verdict | undefined {
  const mark = keepMark(claim, around.volumeOf(claim));
  const [set] = around.setsOf(claim);
  return mark === undefined
    ? undefined
    : { class: 'protected', reason: `is marked to be kept by ${mark.by}`, evidence: [mark.evidence], ...placed(set) };
}

function foreign(claim: Claim, around: Surroundings): Verdict | undefined {
  const [set] = around.setsOf(claim);
  const as = (reason: string, evidence: Evidence): Verdict => ({ class: 'foreign', reason, evidence: [evidence], ...placed(set) });
  const operator = operatorMark(claim);
  if (operator !== undefined) return as(`is managed by ${operator.by}`, operator.evidence);
  const [kin] = around.kinOf(claim);
  if (kin !== undefined)
    return as(
      `belongs to ${kin.owner.resource} ${kin.owner.name}`,
      seen(`${kin.owner.resource}/${kin.owner.name}`, 'metadata.name', kin.owner.name),
    );
  const owner = otherOwner(claim);
  if (owner !== undefined)
    return as(`is owned by ${owner.kind} ${owner.name}`, seen(about(claim), 'metadata.ownerReferences', `${owner.kind}/${owner.name}`));
  const creator = creatorOf(claim);
  if (creator !== undefined && !isMadeForSet(creator))
    return as(`was created by ${creator}, not by the StatefulSet controller`, seen(about(claim), 'metadata.managedFields', creator));
  return undefined;
}

/** A set, or a Pod of it, owns a PVC by its retention policy; the PVC of an ephemeral volume is its Pod's. */
function otherOwner(claim: Claim): OwnerReference | undefined {
  const { ownerReferences = [] } = claim.metadata;
  if (isEphemeral(claim)) return ownerReferences[0];
  return ownerReferences.find(({ kind, apiVersion }) => !(kind === 'StatefulSet' && apiVersion.startsWith('apps/')) && kind !== 'Pod');
}

/** From here on nothing is said that rests on what was not read. */
function blind(claim: Claim, around: Surroundings): Verdict | undefined {
  const { blind: message } = around;
  const [set] = around.setsOf(claim);
  if (message !== undefined) return unknown(claim, message, set);
  if (creatorOf(claim) === undefined && around.savedOf(claim).length === 0)
    return unknown(claim, 'managedFields do not say who created it', set);
  return undefined;
}

function unknown(claim: Claim, why: string, set?: Generator<StatefulSet>): Verdict {
  return { class: 'unknown', reason: `cannot be classified: ${why}`, evidence: [seen(about(claim), 'evidence', why)], ...placed(set) };
}

/** Out of range of exactly one set. */
function ofSet(claim: Claim, around: Surroundings): Verdict | undefined {
  const [set] = around.setsOf(claim);
  if (set === undefined) return undefined;
  const { owner, ordinal } = set;
  const { name } = owner.metadata;
  const replicas = replicasOf(owner);
  const own = seen(`statefulset/${name}`, 'spec.replicas', replicas);
  const index = ordinal - startOf(owner);
  const most = highestCount(owner, around);
  const is = (it: Verdict['class'], reason: string, evidence: readonly Evidence[]): Verdict => ({
    class: it,
    reason,
    evidence,
    ...placed(set),
  });
  if (replicas === 0) return is('parked', `StatefulSet ${name} is scaled to 0`, [own]);
  if (index >= 0 && index < most.replicas)
    return is(
      'parked',
      `StatefulSet ${name} has ${replicas === 1 ? '1 replica' : `${replicas} replicas`}, and ${most.by} says ${most.replicas}`,
      [own, most.evidence],
    );
  const range = `ordinals ${startOf(owner)} to ${startOf(owner) + replicas - 1}`;
  return is('excess', `StatefulSet ${name} has ${range}, and nothing known gives it more`, [own]);
}

/** No set generates its name: that its set is deleted needs proof, for a fork's or an operator's PVCs look the same. */
function ofDeletedSet(claim: Claim, around: Surroundings): Verdict {
  for (const { owner, ordinal } of around.savedOf(claim)) {
    const archived = owner.deleted?.claims.find(({ uid }) => uid === claim.metadata.uid);
    if (owner.deleted === undefined || archived === undefined) continue;
    const evidence = [seen(`secret/${owner.deleted.name}`, 'claims[].uid', archived.uid)];
    return { class: 'set-deleted', reason: `StatefulSet ${owner.name} was deleted by this plugin`, evidence, set: owner.name, ordinal };
  }
  const creator = creatorOf(claim);
  if (creator === undefined) return unknown(claim, 'managedFields do not say who created it');
  const evidence = [seen(about(claim), 'metadata.managedFields', creator)];
  return { class: 'set-deleted', reason: 'was created for a StatefulSet that is not there any more', evidence };
}

function placed(set: Generator<StatefulSet> | undefined): Pick<Verdict, 'set' | 'ordinal'> {
  return set === undefined ? {} : { set: set.owner.metadata.name, ordinal: set.ordinal };
}

function seen(object: string, field: string, value: string | number): Evidence {
  return { object, field, value: String(value) };
}
