import type { Evidence, Finding, Grade, Remedy, Severity, Subject } from '../domain/finding.ts';
import type { Claim, StatefulSet, Volume } from '../domain/kube.ts';
import type { SliceName, Snapshot } from '../domain/snapshot.ts';
import type { Difference } from '../domain/spec-difference.ts';
import type { Archive, OperationName } from '../domain/stored.ts';
import type { Pvc } from '../pvcs/pvc.ts';

/**
 * What the operation is about to do, as far as a check must know it. Made by the operation from its options, so that
 * one check serves several operations.
 */
export interface Intent {
  readonly operation: OperationName;
  /** The set as it is now or, where there is none, as the archive holds it. */
  readonly set: StatefulSet;
  /** The set goes too. */
  readonly deletesSet?: true;
  /** Only the number of Pods changes, and could be another one. */
  readonly scales?: true;
  /** It goes back from an open operation. */
  readonly goesBack?: true;
  /** Ordinals whose members will be removed. */
  readonly leaving: readonly number[];
  /** Ordinals whose members will be created. */
  readonly arriving: readonly number[];
  /** Ordinals that are in range before and after. */
  readonly staying: readonly number[];
  /** Only this Pod of the node is removed; absent: all of them. */
  readonly onNode?: string;
  /** What a person vouches for, of that node. */
  readonly attested?: { readonly attest: string; readonly evidence: string };
  /** What is restored, for operations that start from an archive. */
  readonly archive?: Archive;
  /** Take over running Pods instead of refusing them (`restore --adopt`). */
  readonly adopt?: boolean;
  /** Ordinals whose Pods the controller would replace, since they are not of this revision, which the set will have. */
  readonly restarting?: { readonly ordinals: readonly number[]; readonly revision: string };
  /** A Pod template that its Pods are brought to, and, of one that was begun, the partition at which it was left. */
  readonly rollsOut?: {
    readonly template: StatefulSet['spec']['template'];
    readonly partition?: number;
    /** What the manifest that it comes from says otherwise than the set has it, besides. */
    readonly others?: readonly Difference[];
    /** What its running Pods need and is gone: `serviceaccount/db`. */
    readonly lost?: readonly string[];
  };
  /** What spec.replicas was when the open operation stopped, where its record can say it. */
  readonly left?: number;
  /** The archive is kept in the file of --save-to alone. */
  readonly onlyFile?: boolean;
  /** The set's claims are deleted, with their data (`delete --delete-claims`). */
  readonly destroysClaims?: boolean;
  /** PVCs that get this size. */
  readonly expands?: readonly { readonly claim: Claim; readonly size: string }[];
  /** PVCs that are taken away, as they are classified. */
  readonly pvcs?: readonly Pvc[];
  /** Name of the PVC that these volumes are for. */
  readonly claimName?: string;
  /** These volumes are deleted, with their data. */
  readonly destroysVolumes?: true;
  /** PersistentVolumes that are changed. */
  readonly volumes?: readonly Volume[];
  /** Before any Pod leaves, the owner references are taken off the set's claims: no Pod takes one along. */
  readonly sparesClaims?: boolean;
}

/**
 * What a check takes that is asked of a set as it is, too: by a diagnosis, which knows the set and nothing of an operation
 * (architecture, law 13).
 */
export type OfSet = Pick<Intent, 'set'> & Partial<Intent>;

/** A finding before the operation has said how severe it is there. */
export interface Draft {
  readonly grade: Grade;
  readonly subject: Subject;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
}

/** What people are told about one finding, whatever set it is about: `explain ID`, and a section of docs/findings.md. */
export interface CatalogueEntry {
  /** Stable; what `--allow` takes. */
  readonly id: string;
  /** A few words, for lists. */
  readonly title: string;
  /** What it means, what the controller does, and why that is dangerous. */
  readonly meaning: string;
  readonly remedy: string;
  /** Where the rule comes from: a controller's file, a KEP, an issue of kubernetes/kubernetes where only a number is given. */
  readonly source: string;
  /** Whether `--allow` goes past it where it blocks. */
  readonly override: 'allow' | 'never';
}

/** One pure check, with what is told of its finding: the same snapshot and intent give the same findings, none when all is well. */
export interface Check<Asked extends OfSet = Intent> extends CatalogueEntry {
  /** Slices it looks at; a check whose slices are unknown reports nothing, the operation reports the unknown. */
  readonly needs: readonly SliceName[];
  /** Slices that it is about while they are unknown: where it blocks, reading them is needed. */
  readonly refusesUnread?: readonly SliceName[];
  /** Slices that cost with the cluster, and only the first look tells whether it takes them. */
  readonly further?: {
    readonly slices: readonly SliceName[];
    /** Which of them it takes here. */
    wanted(snapshot: Snapshot, intent: Asked): readonly SliceName[];
  };
  run(snapshot: Snapshot, intent: Asked): readonly Draft[];
}

/** Slices that these rules look at besides, and whether one that is unknown blocks: where its check could stop what nobody may allow. */
export function furtherSlices(
  rules: readonly Rule[],
  snapshot: Snapshot,
  intent: Intent,
): Record<'required' | 'advisory', readonly SliceName[]> {
  const wanted = rules.map(({ check, severity }) => ({
    isRequired: severity === 'blocks' && check.override === 'never',
    slices: check.further?.wanted(snapshot, intent) ?? [],
  }));
  const required = new Set(wanted.flatMap(({ isRequired, slices }) => (isRequired ? slices : [])));
  const advisory = new Set(wanted.flatMap(({ slices }) => slices)).difference(required);
  return { required: [...required], advisory: [...advisory] };
}

/** How one operation takes one check: a row of the consent table (product, section 2). */
export interface Rule {
  readonly check: Check;
  readonly severity: Severity;
  /**
   * Looked at again when the operation resumes, since it may have come meanwhile: it warns of who else acts on the set, and
   * blocks where going on would lose what was promised.
   */
  readonly again?: 'warns' | 'blocks';
}

/** Runs the rules of an operation. Blocking findings that the operator allowed become warnings that say so. */
export function runChecks(rules: readonly Rule[], snapshot: Snapshot, intent: Intent, allowed: readonly string[]): readonly Finding[] {
  return rules.flatMap(({ check, severity }) =>
    check.run(snapshot, intent).map((draft) => {
      const lifted = severity === 'blocks' && check.override === 'allow' && allowed.includes(check.id);
      return {
        ...draft,
        id: check.id,
        severity: lifted ? 'warns' : severity,
        override: check.override,
        message: lifted ? `${draft.message} (allowed)` : draft.message,
      };
    }),
  );
}

/** The rules of an operation that resumes: it was consented to, so most of what they find warns. */
export function lookedAtAgain(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule) => (rule.again === undefined ? [] : [{ ...rule, severity: rule.again }]));
}
