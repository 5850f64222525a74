import type { ClusterRef } from '../domain/snapshot.ts';
import type { DoctorReport, Examined, SharedFinding } from '../inspect/doctor.ts';
import { DIAGNOSED, renderFindings } from './finding.ts';
import { renderPlace } from './place.ts';
import { paintHealth } from './status/line.ts';
import type { View } from './style.ts';
import { count, hanging, inert } from './text.ts';

/** What doctor says: the sets that are not well, then what was found, worst first, and how many. */
export function renderDoctor(raw: DoctorReport, where: ClusterRef | { readonly file: string }, view: View): string {
  const { sets, findings } = inert(raw);
  const shown = view.wide || sets.length === 1 ? findings : findings.filter(({ severity }) => severity !== 'notes');
  const namespaces = new Set(sets.map(({ namespace }) => namespace));
  const [only] = namespaces.size === 1 ? [...namespaces] : [undefined];
  return [
    [headOf(where, only ?? '', view), ...setLines(sets, only === undefined, view)].join('\n'),
    ...findingSections(shown, 'file' in where ? [] : inert(where).flags, only === undefined, view),
    summary(sets, findings, shown, view),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function headOf(where: ClusterRef | { readonly file: string }, namespace: string, view: View): string {
  return 'file' in where ? `file ${view.style.strong(inert(where).file)}` : renderPlace(inert(where), namespace, view);
}

/** One that was asked for alone is named whatever it is; of many only those that are not well. */
function setLines(sets: readonly Examined[], withNamespace: boolean, view: View): readonly string[] {
  const named = sets.length === 1 ? sets : sets.filter(({ health = 'Healthy' }) => health !== 'Healthy' && health !== 'ScaledToZero');
  return named.flatMap(({ namespace, name, health, reason }) => [
    `${view.style.strong(`StatefulSet ${withNamespace ? `${namespace}/` : ''}${name}`)}${health === undefined ? '' : `: ${paintHealth(health, view.style)}`}`,
    ...(reason === undefined ? [] : hanging(reason, view.width, '  ')),
  ]);
}

/** Alike findings are told together, but never those of two namespaces: their commands run in one. */
function findingSections(findings: readonly SharedFinding[], flags: readonly string[], titled: boolean, view: View): readonly string[] {
  const byNamespace = Map.groupBy(findings, ({ sets }) => sets[0]?.namespace ?? '');
  return [...byNamespace].map(([namespace, those]) => {
    const title = titled && namespace !== '' ? [view.style.strong(`namespace ${namespace}`)] : [];
    return [
      ...title,
      renderFindings(those, { place: { namespace, flags }, override: false, asDiagnosis: true, evidence: true }, view),
    ].join('\n');
  });
}

function summary(sets: readonly Examined[], findings: readonly SharedFinding[], shown: readonly SharedFinding[], { style }: View): string {
  const counts = (['blocks', 'warns', 'notes'] as const)
    .map((severity) => ({ severity, number: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => count(number, DIAGNOSED[severity]));
  const found = counts.length === 0 ? style.good('nothing found') : counts.join(', ');
  const hidden = shown.length < findings.length ? style.faint(' (infos: -o wide)') : '';
  return `${found} in ${count(sets.length, 'StatefulSet')}${hidden}`;
}
