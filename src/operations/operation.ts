import type { TObject } from 'typebox';
import type { Finding } from '../domain/finding.ts';
import type { Resource } from '../domain/object-ref.ts';
import type { SliceName, Snapshot } from '../domain/snapshot.ts';
import type { Archive, OperationName, OperationRecord } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import type { Intent, Rule } from '../findings/check.ts';
import type { Consent, NothingToDo, Plan } from '../plan/plan.ts';

/** What an operation that was begun earlier goes on from. */
export interface Resume {
  readonly record: OperationRecord;
  readonly archive: Archive;
}

export interface PlanInput<Options> {
  readonly snapshot: Snapshot;
  readonly options: Options;
  readonly allowed: readonly string[];
  /** --step-timeout in milliseconds; default from the object. */
  readonly stepTimeoutMs?: number;
  readonly resume?: Resume;
}

/** What is known before the evidence is judged. */
export interface Look<Options> extends Pick<PlanInput<Options>, 'snapshot' | 'options'> {
  /** The record on the set, where it can be read and no other counts. */
  readonly open?: OperationRecord;
}

/** A plan but for its digest, which operate adds. */
export type PlanDraft = Omit<Plan, 'digest'>;

/** What a plan asks for before anything is changed: a yes, or the set's name typed where data or availability can be lost. */
export interface ConsentRule {
  readonly kind: Consent['kind'];
  /** The case in which the name is asked for all the same, in words. */
  readonly typedIf?: string;
}

/** A set's policy, a Pod that owns it, or its own deletion takes a claim away with the member that leaves (losses.ts). */
export const CLAIMS_LOST = 'PVCs are deleted with removed Pods';

/**
 * What loses data asks for the name to be typed, whatever the operation asks otherwise (product, section 2).
 * @param exception whether it is the case of `typedIf`
 */
export function consentTo({ kind }: ConsentRule, name: string, exception = false): Consent {
  return kind === 'typed' || exception ? { kind: 'typed', name } : { kind };
}

/** What a way back goes by: the record, and the archive that it names. */
export type BackInput = PlanInput<Record<never, never>> & { readonly resume: Resume };

/** The way back from an operation that was begun: what `cancel` does. */
export interface WayBack {
  /** It leads to no set, so it needs no archive where there is none: all that is left is to remove the record. */
  readonly toNothing?: true;
  intent(input: BackInput): Intent;
  rules(input: BackInput): readonly Rule[];
  plan(input: BackInput, intent: Intent, findings: readonly Finding[]): PlanDraft;
}

/** Objects of a kind that an operation may write: every plan of it stays within these. */
export interface Grant {
  readonly resource: Resource;
  readonly verbs: readonly ('create' | 'patch' | 'delete' | 'evict')[];
  /** Only where it is asked with this option. */
  readonly withOption?: string;
}

/** What an option's schema (typebox) may say besides. */
interface OptionSchema {
  /** About the `beginning` alone, or `found` out by looking: with another value it is the same operation. */
  readonly incidental?: 'beginning' | 'found';
  /** The option by which a runbook names a file that holds it. */
  readonly file?: string;
}

/**
 * One operation (architecture, rooms): what it is about, what it must see, what it checks with which severity, a pure plan, its
 * way back and its words. Everything else derives from it: the same object serves the commands, resuming, `cancel`, `recover`
 * and runbooks, the consent table, permissions and schemas.
 */
export interface Operation<Options> {
  /** Its command's words. */
  readonly id: OperationName;
  /** What it may be asked to do: checked before a plan is made, and when an archive or a record is read back. */
  readonly options: TObject;
  readonly subject: Resource;
  /** `none`: it converges, and to run it again is to resume it (law 5). */
  readonly journal: 'record' | 'none';
  /** Where it saves the set's manifest before its first change; one that is `given` goes by another operation's. */
  readonly archive: 'secret' | 'secret or file' | 'given' | 'none';
  /** Where the manifest is in a file alone, the record goes with the set: the step that is left to do then, which proves it. */
  readonly provesAt?: string;
  /** Its subject need not be there. */
  readonly startsWithout?: true;
  /** Names of the ControllerRevisions of which it must see the template: a list leaves those out. */
  wholeRevisions?(look: Look<Options>): readonly string[];
  /** What its plans write besides its record and its archive. */
  readonly writes: readonly Grant[];
  /** It goes back from whatever is open. */
  readonly goesBack?: true;
  /** `required`: unknown blocks before the first write. `advisory`: unknown is a warning. */
  readonly needs: { readonly required: readonly SliceName[]; readonly advisory: readonly SliceName[] };
  /** What is asked for in nearly every case once the rest is known: read with it, which saves a round trip. */
  readonly foreseen?: readonly SliceName[];
  /** Required slices that this very request can do without: unknown, they warn. */
  spares?(look: Look<Options>): readonly SliceName[];
  /**
   * What only the server can say before a plan can be made, asked by a dry run: options that it then has, `found` ones.
   * @throws RefusedError or CannotError where the server says that it cannot be
   */
  findsOut?(input: PlanInput<Options>, verbs: ApiVerbs): Promise<Readonly<Record<string, unknown>>>;
  /** The command that resumes it, where that is not its own typed again. */
  readonly resumedBy?: OperationName;
  /** Other operations that may act on its open record. */
  readonly continuedBy?: readonly OperationName[];
  /**
   * It resumes an open operation that lets it (`continuedBy`): with which options. What is carried out is that operation.
   * @param begun options that it was begun with, and what was changed of them since
   */
  resumes?(options: Options, begun: Readonly<Record<string, unknown>>, resume: Resume): Readonly<Record<string, unknown>>;
  /** It acts on a record whose holder is at work. */
  readonly interrupts?: true;
  readonly consent: ConsentRule;
  /**
   * What is about to happen, for the checks; or that there is nothing to do.
   * @throws UsageError, RefusedError or CannotError with the sentence for people
   */
  intent(input: PlanInput<Options>): Intent | NothingToDo;
  /** Rows of the consent table. */
  rules(input: PlanInput<Options>): readonly Rule[];
  plan(input: PlanInput<Options>, intent: Intent, findings: readonly Finding[]): PlanDraft;
  readonly back?: WayBack;
  /** What was done, as a sentence without an end: "StatefulSet web scaled to 3". */
  done(plan: Plan): string;
  /** The operation that undoes it when it is done, by its id; undefined where nothing does. */
  undo?(plan: Plan): OperationName | undefined;
  /** Rows of the consent table, where it has others than the one of its rules. */
  readonly table: readonly ConsentRow[];
}

/** One row of the consent table: what an operation asks for, what it must know, and how it takes each finding. */
export interface ConsentRow {
  /** As people call it. */
  readonly operation: string;
  readonly consent: ConsentRule;
  readonly needs: Operation<unknown>['needs'];
  readonly rules: readonly Rule[];
  /** Looked at besides where Pods leave: what they may own. */
  readonly owned?: readonly SliceName[];
  /** What helps against a finding of the driver here that it does not elsewhere, by id. */
  readonly unless?: Readonly<Record<string, string>>;
}

/** What a request can do without is looked at besides. */
export function sparing({ required, advisory }: ConsentRow['needs'], ...spared: readonly SliceName[]): ConsentRow['needs'] {
  return { required: required.filter((slice) => !spared.includes(slice)), advisory: [...advisory, ...spared] };
}

/** Options that do not make it another operation. */
export function incidental({ options }: Pick<Operation<never>, 'options'>, which: OptionSchema['incidental'][] = ['beginning', 'found']) {
  const schemas = Object.entries(options.properties as Readonly<Record<string, OptionSchema>>);
  return new Set(schemas.filter(([, schema]) => which.includes(schema.incidental)).map(([option]) => option));
}

/** The options that may be asked for: without what a plan finds out by itself. */
export function askable({ options }: Pick<Operation<never>, 'options'>): TObject['properties'] {
  const found = incidental({ options }, ['found']);
  return Object.fromEntries(Object.entries(options.properties).filter(([option]) => !found.has(option)));
}

/** By each option that names a file, the one that the file holds. */
export function fileOptions({ options }: Pick<Operation<never>, 'options'>): Readonly<Record<string, string>> {
  const schemas = Object.entries(options.properties as Readonly<Record<string, OptionSchema>>);
  return Object.fromEntries(schemas.flatMap(([option, { file }]) => (file === undefined ? [] : [[file, option]])));
}

export function isNothingToDo(value: Intent | NothingToDo): value is NothingToDo {
  return 'outcome' in value;
}
