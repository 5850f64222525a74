import type { AccessNeed } from '../domain/access.ts';
import type { Finding, Severity } from '../domain/finding.ts';
import { singularOf } from '../domain/object-ref.ts';
import { type SliceName, type Snapshot, sliceOf, subjectOf } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';
import { operationNamed } from '../operations/registry.ts';

/** Unknown is not safe (principle 3): one finding for each slice that could not be read. */
export function unknownEvidence(
  snapshot: Snapshot,
  { required, advisory }: { readonly required: readonly SliceName[]; readonly advisory: readonly SliceName[] },
  operation: OperationName,
): readonly Finding[] {
  return [
    ...required.flatMap((slice) => finding(snapshot, slice, 'blocks', operation)),
    ...advisory.flatMap((slice) => finding(snapshot, slice, 'warns', operation)),
  ];
}

function finding(snapshot: Snapshot, slice: SliceName, severity: Severity, operation: OperationName): readonly Finding[] {
  const reading = sliceOf(snapshot, slice);
  if (reading.state !== 'unknown') return [];
  return [
    {
      id: 'evidence-unknown',
      severity,
      override: 'never',
      grade: 'unknown',
      subject: { kind: singularOf(subjectOf(snapshot.target).resource), name: snapshot.target.name, namespace: snapshot.target.namespace },
      message: `${reading.message}${severity === 'warns' ? '; what it would show was not checked' : ''}`,
      evidence: [{ object: slice, field: 'reading', value: reading.why }],
      remedies: severity === 'blocks' && slice === 'stored' && isKeptInFile(operation) ? [saveToFile(snapshot, operation)] : [],
    },
  ];
}

/** Whether the archive may be a file. */
function isKeptInFile(operation: OperationName): boolean {
  return operationNamed(operation)?.archive === 'secret or file';
}

/** Permissions that the server did not answer about count as given, and that is said. */
export function unknownPermission({ target }: Snapshot, message: string): Finding {
  return {
    id: 'evidence-unknown',
    severity: 'warns',
    override: 'never',
    grade: 'unknown',
    subject: { kind: 'statefulset', name: target.name, namespace: target.namespace },
    message: `${message}; it was not checked`,
    evidence: [{ object: 'selfsubjectaccessreview', field: 'status.allowed', value: 'unknown' }],
    remedies: [],
  };
}

/** Without Secrets a deletion keeps its archive in a file. */
function saveToFile({ target }: Snapshot, operation: OperationName): Finding['remedies'][number] {
  return {
    do: 'operation',
    operation,
    subject: { kind: 'statefulset', name: target.name },
    options: { saveTo: 'archive.json' },
    why: 'keeps the archive in a file instead',
  };
}

/** A gap in permissions is a refusal that names verb, resource and namespace. */
export function missingPermission(snapshot: Snapshot, need: AccessNeed, operation: OperationName): Finding {
  const resource = `${need.resource}${need.group === '' ? '' : `.${need.group}`}`;
  const archive = need.resource === 'secrets';
  const place = need.namespace ?? snapshot.target.namespace;
  return {
    id: archive ? 'archive-not-writable' : 'permission-missing',
    severity: 'blocks',
    override: 'never',
    grade: 'proven',
    subject: { kind: singularOf(subjectOf(snapshot.target).resource), name: snapshot.target.name, namespace: snapshot.target.namespace },
    message: `you may not ${need.verb} ${resource}${where(place)}${archive ? ', where the archive is kept' : ''}`,
    evidence: [
      {
        object: 'selfsubjectaccessreview',
        field: `${need.verb} ${resource}${need.name === undefined ? '' : `/${need.name}`}`,
        value: 'denied',
      },
    ],
    remedies: [
      ...(archive && isKeptInFile(operation) ? [saveToFile(snapshot, operation)] : []),
      {
        do: 'kubectl',
        args: ['auth', 'can-i', need.verb, resource, ...(place === '' ? ['--all-namespaces'] : ['-n', place])],
        why: 'asks the server again',
      },
    ],
  };
}

function where(namespace: string): string {
  return namespace === '' ? ' in the cluster' : ` in namespace ${namespace}`;
}
