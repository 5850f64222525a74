import { accessKey, isNeeded, type Permission } from '../domain/access.ts';
import type { Style, View } from './style.ts';
import { table } from './table.ts';

/** A line a command: whether all that it needs is allowed, and what is not. */
export function renderPermissions(
  operations: ReadonlyMap<string, readonly Permission[]>,
  denied: ReadonlySet<string>,
  { style, width }: View,
): string {
  const rows = [...operations].map(([id, needs]) => {
    const missing = needs.filter((need) => isNeeded(need) && denied.has(accessKey(need)));
    const words = missing.map(({ verb, resource, namespace }) => `${verb} ${resource}${namespace === undefined ? ' (cluster)' : ''}`);
    return [id, missing.length === 0 ? 'yes' : 'no', words.join(', ')];
  });
  return table([{ header: 'COMMAND' }, { header: 'ALLOWED', paint: answerPaint(style) }, { header: 'MISSING', wraps: true }], rows, {
    headers: true,
    width,
  });
}

/** A line a resource of one command. */
export function renderPermissionsOf(needs: readonly Permission[], denied: ReadonlySet<string>, { style, width }: View): string {
  const groups = Map.groupBy(needs, (need) =>
    JSON.stringify([need.group, need.resource, need.namespace ?? '', reasonOf(need), denied.has(accessKey(need))]),
  );
  const rows = [...groups.values()].map((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { group, resource, namespace } = first;
    const isDenied = denied.has(accessKey(first));
    return [
      group === '' ? resource : `${resource}.${group}`,
      same.map(({ verb }) => verb).join(', '),
      namespace === undefined ? 'cluster' : `namespace ${namespace}`,
      reasonOf(first),
      isDenied ? 'no' : 'yes',
    ];
  });
  const headers = ['RESOURCE', 'VERBS', 'WHERE', 'WHY'].map((header) => ({ header }));
  return table([...headers, { header: 'ALLOWED', paint: answerPaint(style) }], rows, { headers: true, width });
}

const reasonOf = ({ why, withOption }: Permission): string => (withOption === undefined ? why : `with option ${withOption}`);

const answerPaint =
  (style: Style) =>
  (text: string): string =>
    text.trim() === 'no' ? style.bad(text) : style.good(text);
