import { pooled } from '../../cluster/pooled.ts';
import { CannotError, UsageError } from '../../domain/errors.ts';
import type { Severity } from '../../domain/finding.ts';
import { type ClusterRef, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { entryOf, nearest } from '../../findings/catalogue.ts';
import type { Diagnosis } from '../../findings/diagnosis/diagnosis.ts';
import { severityInDoctor } from '../../findings/diagnosis/index.ts';
import {
  chosenDiagnoses,
  type DoctorReport,
  examineAll,
  examineOne,
  isChosen,
  reportOn,
  type SharedFinding,
} from '../../inspect/doctor.ts';
import { notFound } from '../../inspect/not-found.ts';
import { required } from '../../inspect/required.ts';
import { verdictOf } from '../../inspect/verdict/verdict.ts';
import { remediesNow, waysOn } from '../../operate/next-commands.ts';
import { commandLine } from '../../plan/commandline.ts';
import { renderDoctor } from '../../render/doctor.ts';
import { renderDocument } from '../../render/json.ts';
import { lookPorts, openRecordOn } from '../look-ports.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, DoctorRequest, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { looksAtFile } from './manifest-file.ts';

/** `doctor`: examines, reports, and returns 5 where something is found that is bad enough. */
export async function showDoctor(request: DoctorRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  checkIds(request);
  if (request.file !== undefined) return await showManifests(request.file, request, output, flags, session);
  const cluster = await session.open(flags);
  try {
    const { report, at } = await examined(request, cluster);
    const { io } = session;
    if (report.sets.length === 0) io.stderr.write(`${noneIn(request, cluster)}\n`);
    else io.stdout.write(await text(report, at, output, viewOf(io.stdout, io.env, flags)));
    return exitCodeOf(report, request);
  } finally {
    cluster.connection.transport.close();
  }
}

/** What is wrong with manifests before they are applied; nothing is asked of a cluster. */
async function showManifests(
  file: string,
  request: DoctorRequest,
  output: OutputChoice,
  flags: ConnectionValues,
  session: Session,
): Promise<number> {
  const diagnoses = chosenDiagnoses(request);
  const looks = await looksAtFile({ file, names: request.names }, flags.namespace ?? '', session);
  const report = reportOn(looks, diagnoses, openRecordOn);
  const { io } = session;
  io.stdout.write(await text(report, { file }, output, viewOf(io.stdout, io.env, flags)));
  return exitCodeOf(report, request);
}

function exitCodeOf({ findings }: DoctorReport, { failOn }: DoctorRequest): number {
  return findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 5 : 0;
}

/** @throws UsageError for an id that doctor does not raise: whoever typed it thinks that it does */
function checkIds({ only = [], skip = [] }: DoctorRequest): void {
  for (const [flag, given] of [
    ['only', only],
    ['skip', skip],
  ] as const) {
    const unknown = given.find((id) => severityInDoctor(id) === undefined);
    if (unknown === undefined) continue;
    const near = nearest(unknown);
    const meant =
      near !== undefined && severityInDoctor(near.id) !== undefined
        ? `did you mean ${near.id}?`
        : 'kubectl sts-safe explain lists all findings';
    throw new UsageError(
      `--${flag} ${unknown}: ${entryOf(unknown) === undefined ? 'there is no such finding' : 'doctor does not report it'}`,
      meant,
    );
  }
}

/** What was found, with the fixes that would be accepted now. */
export async function examined(
  request: Pick<DoctorRequest, 'names' | 'allNamespaces' | 'selector' | 'only' | 'skip'>,
  cluster: Cluster,
): Promise<{ readonly report: DoctorReport; readonly at: ClusterRef }> {
  const diagnoses = chosenDiagnoses(request);
  const snapshots = await lookAt(request, diagnoses, cluster);
  const { findings: found, ...report } = reportOn(snapshots, diagnoses, openRecordOn);
  const all = isChosen(OPEN, request) ? [...snapshots.flatMap(unfinished), ...found] : found;
  const at = snapshots[0]?.cluster ?? (await cluster.reader.identity());
  const findings = await pooled(all, PARALLEL, (finding) => accepted(finding, cluster));
  return { report: { ...report, findings }, at };
}

const OPEN = 'other-operation';

/** An operation of this plugin that was stopped part-way: it is the first thing to end. */
function unfinished(snapshot: Snapshot): readonly SharedFinding[] {
  const open = openRecordOn(snapshot);
  if (open?.state !== 'valid' || open.record.phase !== 'stopped') return [];
  const { namespace, name } = snapshot.target;
  const { kind, holder, cursor } = open.record;
  return [
    {
      id: OPEN,
      severity: 'blocks',
      grade: 'proven',
      subject: { kind: 'statefulset', name, namespace },
      message: `a ${kind} of ${name}, started by ${holder.user}@${holder.host}, is incomplete: it was stopped at ${cursor}`,
      evidence: [{ object: `statefulset/${name}`, field: 'record.phase', value: 'stopped' }],
      remedies: waysOn(open.record, snapshot),
      override: 'never',
      sets: [{ namespace, name }],
    },
  ];
}

/** Findings whose commands are tried at once. */
const PARALLEL = 4;

async function accepted(finding: SharedFinding, cluster: Cluster): Promise<SharedFinding> {
  const [first] = finding.sets;
  if (first === undefined) return finding;
  return { ...finding, remedies: await remediesNow(finding.remedies, first, lookPorts(cluster)) };
}

async function lookAt(
  { names, allNamespaces, selector }: Pick<DoctorRequest, 'names' | 'allNamespaces' | 'selector'>,
  diagnoses: readonly Diagnosis[],
  { connection: { namespace }, reader }: Cluster,
): Promise<readonly Snapshot[]> {
  if (names.length > 0) {
    const looks = await Promise.all(names.map((name) => examineOne({ namespace, name }, diagnoses, reader)));
    for (const look of looks) {
      required(sliceOf(look, 'set'));
      if (sliceOf(look, 'set').state === 'absent' && verdictOf(look, openRecordOn(look)) === undefined) {
        const { message, hint } = await notFound(look, reader);
        throw new CannotError(message, hint);
      }
    }
    return looks;
  }
  const scope = { ...(allNamespaces ? {} : { namespace }), ...(selector === undefined ? {} : { labelSelector: selector }) };
  return await examineAll(scope, diagnoses, reader);
}

async function text(
  report: DoctorReport,
  at: ClusterRef | { readonly file: string },
  output: OutputChoice,
  view: Parameters<typeof renderDoctor>[2],
): Promise<string> {
  if (!isDocument(output.format)) return `${renderDoctor(report, at, view)}\n`;
  const findings = report.findings.map((finding) => {
    const place = { namespace: finding.sets[0]?.namespace ?? '', flags: 'file' in at ? [] : at.flags };
    return { ...finding, commands: finding.remedies.map((remedy) => commandLine(remedy, place)) };
  });
  return await renderDocument('DoctorReport', { ...report, findings }, output.format);
}

const ORDER: readonly Severity[] = ['notes', 'warns', 'blocks'];

function isAtLeast(severity: Severity, least: Severity): boolean {
  return ORDER.indexOf(severity) >= ORDER.indexOf(least);
}

function noneIn({ allNamespaces }: DoctorRequest, { connection }: Cluster): string {
  return `No StatefulSets found${allNamespaces ? '' : ` in namespace ${connection.namespace}`}.`;
}
