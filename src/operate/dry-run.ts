import { isDeepStrictEqual } from 'node:util';
import { admissionName } from '../domain/admission.ts';
import { ApiError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { KubeObject } from '../domain/kube.ts';
import { pathOf, type Resource, typeOf } from '../domain/object-ref.ts';
import { subjectOf } from '../domain/snapshot.ts';
import type { Archive } from '../domain/stored.ts';
import { standsAt } from '../execute/progress.ts';
import type { Write } from '../plan/action.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { valueAt } from '../record/object-patch.ts';
import { admissionRefuses, changesOf } from './admission.ts';
import type { OperatePorts } from './ports.ts';
import { type Trial, type Trying, tryWrite } from './trial.ts';

/** Writes of one kind that are tried at most, the first and the last among them: a thousand Pods are no thousand questions. */
const MOST = 20;

type Verdict = Trial | { readonly refused: Finding } | { readonly unknown: string };

/** What a server dry run has found out. */
export interface Tried {
  /** One sentence a kind of write. */
  readonly sentences: readonly string[];
  /** Writes that admission rejects. */
  readonly refused: readonly Finding[];
}

interface Candidate {
  readonly step: Step;
  readonly write: Write;
}

/**
 * `--dry-run=server`: each *different* write that is left to do, with dryRun=All, to try admission and permissions. Changes of
 * the set are re-based on the live value, so for the second scale-down admission sees another old value than in earnest: what
 * it says of that one is likely, not proven.
 * @throws ApiError when the server rejects one for another reason than admission
 */
export async function tryOnServer(plan: Plan, archive: Archive | undefined, { dryRunVerbs: verbs }: OperatePorts): Promise<Tried> {
  const subject = (await verbs.get(pathOf(subjectOf(plan.target)))) as KubeObject | undefined;
  const trying: Trying = { plan, archive, subject, verbs };
  const sentences: string[] = [];
  const refused: Finding[] = [];
  for (const [kind, candidates] of Map.groupBy(candidatesOf(plan), ({ write }) => nameOf(write))) {
    const verdicts: Verdict[] = [];
    const chosen = sampled(candidates);
    for (const candidate of chosen) verdicts.push(await judge(candidate, trying));
    refused.push(...verdicts.flatMap((verdict) => (typeof verdict === 'object' && 'refused' in verdict ? [verdict.refused] : [])));
    sentences.push(`${kind}: ${inWords(verdicts, candidates.length - chosen.length)}`);
  }
  return { sentences, refused };
}

/** Each write that is left, once: owners are taken off each claim by a patch of its own. */
function candidatesOf(plan: Plan): readonly Candidate[] {
  const left = new Set(standsAt(plan).remaining);
  const all = plan.steps
    .filter(({ id }) => left.has(id))
    .flatMap((step) => (step.action.do === 'write' ? singly(step.action.write).map((write) => ({ step, write })) : []));
  const seen = new Set<string>();
  return all.filter(({ write }) => seen.size < seen.add(JSON.stringify(write)).size);
}

/** A patch of several objects is one request for each. */
function singly(write: Write): readonly Write[] {
  return write.verb === 'patch' ? write.objects.map((object) => ({ ...write, objects: [object] })) : [write];
}

/** What a write is called in a sentence: writes alike are told of together. */
function nameOf(write: Write): string {
  switch (write.verb) {
    case 'archive':
      return "save the set's manifest";
    case 'record':
      return 'write the operation record';
    case 'patch':
      return `patch ${wordFor(write.objects[0]?.ref.resource)}`;
    case 'create':
    case 'delete':
      return `${write.verb === 'delete' && write.evicts === true ? 'evict' : write.verb} ${wordFor(write.ref.resource)}`;
  }
}

function wordFor(resource: Resource | undefined): string {
  return resource === undefined ? 'nothing' : typeOf(resource).kind;
}

function sampled<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MOST) return all;
  return Array.from({ length: MOST }, (_, index) => all[Math.round((index * (all.length - 1)) / (MOST - 1))] as T);
}

async function judge({ step, write }: Candidate, trying: Trying): Promise<Verdict> {
  try {
    return await tryWrite(write, trying);
  } catch (error) {
    if (!(error instanceof ApiError) || error.admission === undefined) throw error;
    const { admission } = error;
    if (admission.verdict === 'no-dry-run') return { unknown: `${admissionName(admission)} ${admission.message}` };
    return { refused: admissionRefuses(admission, step, trying.plan.target, isAsInEarnest(write, trying) ? 'proven' : 'likely') };
  }
}

/** The server sees the same change as it will in earnest. */
function isAsInEarnest(write: Write, { plan, subject }: Trying): boolean {
  return changesOf(write, subjectOf(plan.target)).every(({ path, from }) => isDeepStrictEqual(from, valueAt(subject, path)));
}

function inWords(verdicts: readonly Verdict[], skipped: number): string {
  const unknown = verdicts.find((verdict): verdict is { unknown: string } => typeof verdict === 'object' && 'unknown' in verdict);
  if (unknown !== undefined) return `could not be tried: ${unknown.unknown}`;
  const accepted = verdicts.filter((verdict) => verdict === 'accepted').length;
  if (accepted === 0)
    return verdicts.includes('needs an earlier write') ? 'not tried, it needs an earlier write' : 'nothing to write as things are';
  const many = accepted > 1 ? `, ${accepted} different ones` : '';
  return `accepted by the server (dry run)${many}${skipped > 0 ? `; ${skipped} more were not tried` : ''}`;
}
