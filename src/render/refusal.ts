import { placeOf } from '../plan/commandline.ts';
import type { NothingToDo, Refusal } from '../plan/plan.ts';
import { renderFindings } from './finding.ts';
import { renderPlace } from './place.ts';
import type { View } from './style.ts';
import { hanging, inert, safe } from './text.ts';

/** A refusal teaches (principle 5): each finding with its evidence, its remedy as a command, and what overrides it. */
export function renderRefusal(raw: Refusal, view: View): string {
  const refusal = inert(raw);
  const blocking = refusal.findings.filter((finding) => finding.severity === 'blocks');
  const ids = [...new Set(blocking.map(({ id }) => id))];
  const all = ids.length > 1 && blocking.every((finding) => finding.override === 'allow');
  return [
    renderPlace(refusal.cluster, refusal.target.namespace, view),
    ...hanging(refusal.message, view.width, '').map(view.style.bad),
    '',
    renderFindings(refusal.findings, { place: placeOf(refusal), override: true, evidence: true }, view),
    '',
    'Nothing was changed.',
    ...(all ? [`To override all of these: --allow ${ids.join(',')}`] : []),
  ].join('\n');
}

export function renderNothingToDo(nothing: NothingToDo): string {
  return `Nothing to do: ${safe(nothing.message)}`;
}
