import type { Severity } from '../domain/finding.ts';
import { paintSeverity } from './finding.ts';
import type { View } from './style.ts';
import { table } from './table.ts';
import { hanging, inert } from './text.ts';

/** One entry of the catalogue of findings, as `explain` tells it. */
export interface Explanation {
  /** What --allow takes. */
  readonly id: string;
  /** One line: what it says of the world. */
  readonly summary: string;
  /** Why it matters: what happens, or is lost, if one goes on. Paragraphs. */
  readonly meaning: readonly string[];
  /** What is looked at to find it. */
  readonly evidence: readonly string[];
  /** What helps, in words or as command lines (those begin with `kubectl`). */
  readonly remedies: readonly string[];
  /** How each operation takes it. */
  readonly operations: readonly {
    readonly operation: string;
    readonly severity: Severity;
    readonly override: 'allow' | 'never';
    /** In which case, or unless what, where that is not all. */
    readonly when?: string;
  }[];
  /** Where the behaviour is documented or was found: issues, controller files. */
  readonly sources: readonly string[];
}

/** The page of one finding. */
export function renderExplanation(raw: Explanation, view: View): string {
  const { id, summary, meaning, evidence, remedies, operations, sources } = inert(raw);
  const { style, width } = view;
  const paragraph = (text: string): string => hanging(text, width, '').join('\n');
  const list = (items: readonly string[]): string =>
    items.map((item) => (item.startsWith('kubectl ') ? `  ${style.accent(item)}` : hanging(item, width, '  ').join('\n'))).join('\n');
  const section = (title: string, body: string): string => (body === '' ? '' : `${style.strong(title)}\n${body}`);
  return [
    `${style.strong(id)}\n${paragraph(summary)}`,
    ...meaning.map(paragraph),
    section('LOOKED AT', list(evidence)),
    section('WHAT HELPS', list(remedies)),
    section('IN', operationTable(operations, view)),
    section('SEE ALSO', list(sources)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function operationTable(operations: Explanation['operations'], { style, width }: View): string {
  const rows = operations.map(({ operation, severity, override, when }) => [
    operation,
    severity,
    [...(severity === 'blocks' ? [overrideWords(override)] : []), ...(when === undefined ? [] : [when])].join('; '),
  ]);
  const columns = [
    { header: 'OPERATION' },
    {
      header: 'SEVERITY', // Empty where the last column goes on below itself.
      paint: (text: string) => (text === '' ? text : paintSeverity(text as Severity, style)),
    },
    { header: '', wraps: true as const },
  ];
  return table(columns, rows, { headers: false, width: width - 2 })
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}

function overrideWords(override: 'allow' | 'never'): string {
  return override === 'allow' ? 'overridden with --allow' : 'cannot be overridden';
}

/** All findings, a line each: `explain` without an id. */
export function renderCatalogue(raw: readonly Explanation[], view: View): string {
  const rows = inert(raw).map(({ id, operations, summary }) => [
    id,
    // A case in brackets is for the finding's own page.
    [...new Set(operations.map(({ operation }) => operation.replace(/ \(.*\)$/, '')))].join(','),
    summary,
  ]);
  const columns = [
    { header: 'ID' },
    // The page of a finding tells it, too.
    { header: 'IN', isIdle: () => view.width < ROOM_FOR_ALL },
    { header: 'MEANING', wraps: true as const },
  ];
  return table(columns, rows, { headers: true, width: view.wide ? Number.POSITIVE_INFINITY : view.width });
}

/** Columns of a terminal from which on a meaning beside the operations is more than a few words a line. */
const ROOM_FOR_ALL = 110;
