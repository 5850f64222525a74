import { CannotError } from '../../domain/errors.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { SetStatus } from '../../inspect/status/model.ts';
import { commandLine } from '../../plan/commandline.ts';
import { documentLine, renderDocument } from '../../render/json.ts';
import { renderStatusTable } from '../../render/status/line.ts';
import { renderStatusTree } from '../../render/status/tree.ts';
import type { View } from '../../render/style.ts';
import { isDocument } from '../output.ts';
import type { Cluster, StatusRequest } from '../session.ts';
import type { Showing } from './status.ts';

type Shown = Pick<Showing, 'request' | 'output' | 'cluster'>;

/** One look as it is printed: the tree of one named set, a table of several, or a document. Empty for no set at all. */
export async function statusText(
  snapshots: readonly Snapshot[],
  { statusIn, ...showing }: Shown & Pick<Showing, 'statusIn'>,
  view: View,
): Promise<string> {
  const { request, output } = showing;
  const statuses = snapshots.flatMap((snapshot) => statusIn(snapshot) ?? []);
  const [first] = statuses;
  const alone = request.names.length === 1 && first !== undefined ? snapshots[0] : undefined;
  if (isDocument(output.format)) {
    return alone && first
      ? renderDocument('Status', first, output.format)
      : renderDocument('StatusList', { items: statuses }, output.format);
  }
  if (first === undefined) return '';
  return `${alone ? renderStatusTree(first, alone.cluster, view) : statusTable(statuses, showing, view)}\n`;
}

/** "No StatefulSets found" says where it looked (principle 9). */
export function noneIn({ allNamespaces }: StatusRequest, { connection }: Cluster): string {
  return `No StatefulSets found${allNamespaces ? '' : ` in namespace ${connection.namespace}`}.`;
}

const EVERYWHERE = { do: 'operation', operation: 'status', options: { allNamespaces: true } } as const;

/** Nothing matches, so there is nothing to wait for: where it looked, and for what. */
export function noneToWaitFor({ allNamespaces, selector }: StatusRequest, { connection }: Cluster): CannotError {
  const { context, server, namespace, flags } = connection;
  const which = selector === undefined ? '' : ` with labels ${selector}`;
  const where = allNamespaces ? 'any namespace' : `namespace ${namespace}`;
  return new CannotError(
    `nothing to wait for: no StatefulSets${which} found in ${where} of context ${context} (${server})`,
    allNamespaces ? undefined : `${commandLine(EVERYWHERE, { namespace: '', flags })} shows those of all namespaces`,
  );
}

/** What a change adds to `status -w`: a line of the table, or a document on one line. */
export async function changeText(status: SetStatus, { output, ...showing }: Shown, view: View): Promise<string> {
  if (output.format === 'json') return documentLine('Status', status);
  if (isDocument(output.format))
    return `${output.format === 'yaml' ? '---\n' : ''}${await renderDocument('Status', status, output.format)}`;
  return `${statusTable([status], { ...showing, output: { ...output, headers: false } }, view)}\n`;
}

function statusTable(statuses: readonly SetStatus[], { request, output, cluster }: Shown, view: View): string {
  const { flags } = cluster.connection;
  return renderStatusTable(statuses, { namespaces: request.allNamespaces, headers: output.headers, flags }, view);
}
