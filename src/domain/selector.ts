import type { LabelSelector } from './kube.ts';

type Labels = Readonly<Record<string, string>>;

/** As metav1.LabelSelectorAsSelector: no selector selects nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  const have = labels ?? {};
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => have[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => holds(expression, have))
  );
}

/** One requirement. NotIn holds where the key is absent (labels.Requirement.Matches); an unknown operator never holds. */
export function holds(
  { key, operator, values }: { readonly key: string; readonly operator: string; readonly values?: readonly string[] },
  labels: Labels,
): boolean {
  const value = labels[key];
  const listed = value !== undefined && (values ?? []).includes(value);
  switch (operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
