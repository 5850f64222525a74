import type { Finding } from '../domain/finding.ts';
import { singularOf } from '../domain/object-ref.ts';
import type { Target } from '../domain/snapshot.ts';
import type { ArchiveList } from '../inspect/archives.ts';
import type { DoctorReport } from '../inspect/doctor.ts';
import type { NodeReport } from '../inspect/node/report.ts';
import type { OpenItem } from '../inspect/open-operations.ts';
import type { RetainedVolume } from '../inspect/retained-volumes.ts';
import type { RevisionList, RolloutStatus } from '../inspect/rollout.ts';
import type { SetStatus } from '../inspect/status/model.ts';
import type { Peers } from '../peers/peer.ts';
import type { Plan, Refusal } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import type { RunResult } from '../plan/run-result.ts';
import type { PvcLook } from '../pvcs/pvc.ts';
import type { Explanation } from './explain.ts';
import { isPrintable, quotedSafe } from './text.ts';
import type { Versions } from './version.ts';

/** Every kind of document that is printed, and what is in it beside `apiVersion` and `kind`; schemas/ has one a kind. */
export interface Documents {
  readonly Plan: Plan;
  readonly Refusal: Refusal;
  readonly OperationResult: OperationResult;
  readonly RunResult: RunResult;
  readonly Status: SetStatus;
  readonly StatusList: ListOf<SetStatus>;
  readonly FindingList: ListOf<Finding>;
  readonly DoctorReport: DoctorDocument;
  readonly RolloutStatus: RolloutStatus;
  readonly RevisionList: RevisionList;
  readonly OperationList: ListOf<OpenItem>;
  readonly ArchiveList: ArchiveList;
  readonly Peers: Peers;
  readonly NodeReport: NodeReport;
  readonly Explanation: Explanation;
  readonly ExplanationList: ListOf<Explanation>;
  readonly PvcList: PvcLook;
  readonly VolumeList: ListOf<RetainedVolume>;
  readonly Version: Versions;
}

/** What doctor prints: with each finding its fixes as they are typed. */
export interface DoctorDocument extends Omit<DoctorReport, 'findings'> {
  readonly findings: readonly (DoctorReport['findings'][number] & { readonly commands: readonly string[] })[];
}

export interface ListOf<T> {
  readonly items: readonly T[];
}

export type DocumentKind = keyof Documents;
export type DocumentFormat = 'json' | 'yaml' | 'name';

export const API_VERSION = 'sts-safe.dev/v1';

/** A document for `-o json|yaml|name`, with its line end. YAML's library is loaded only when it is asked for. */
export async function renderDocument<K extends DocumentKind>(kind: K, body: Documents[K], format: DocumentFormat): Promise<string> {
  switch (format) {
    case 'json':
      return `${quotedSafe(JSON.stringify({ apiVersion: API_VERSION, kind, ...body }, null, 2))}\n`;
    case 'yaml':
      return yamlOf({ apiVersion: API_VERSION, kind, ...body });
    case 'name':
      return NAMES[kind](body)
        .map((name) => `${quotedSafe(name)}\n`)
        .join('');
  }
}

/** The same document on one line: for `-w -o json`, one document a line. */
export function documentLine<K extends DocumentKind>(kind: K, body: Documents[K]): string {
  return `${quotedSafe(JSON.stringify({ apiVersion: API_VERSION, kind, ...body }))}\n`;
}

/** Unprintable text goes into double quotes, where escapes mean what they say. */
async function yamlOf(value: object): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(JSON.parse(JSON.stringify(value)), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && !isPrintable(node.value.replaceAll('\n', ''))) node.type = 'QUOTE_DOUBLE';
    },
  });
  return quotedSafe(document.toString({ lineWidth: 0 }), 'yaml');
}

type Names = { readonly [K in DocumentKind]: (body: Documents[K]) => readonly string[] };

const setName = (name: string): string => `statefulset.apps/${name}`;

const targetName = ({ resource, name }: Target): string =>
  resource === undefined || resource === 'statefulsets' ? setName(name) : `${singularOf(resource)}/${name}`;

const openName = ({ set, pvc, node }: OpenItem): string => {
  if (set !== undefined) return setName(set);
  return node === undefined ? `persistentvolumeclaim/${pvc ?? ''}` : `node/${node}`;
};

/** `-o name`: as kubectl names things, for xargs. */
const NAMES: Names = {
  Plan: ({ target }) => [targetName(target)],
  Refusal: ({ target }) => [targetName(target)],
  OperationResult: ({ target }) => [targetName(target)],
  RunResult: ({ steps }) => steps.map(({ name }) => name),
  Status: ({ name }) => [setName(name)],
  StatusList: ({ items }) => items.map(({ name }) => setName(name)),
  FindingList: ({ items }) => items.map(({ id }) => id),
  DoctorReport: ({ findings }) => [...new Set(findings.flatMap(({ sets }) => sets.map(({ name }) => setName(name))))],
  RolloutStatus: ({ name }) => [setName(name)],
  RevisionList: ({ items }) => items.map(({ name }) => `controllerrevision.apps/${name}`),
  OperationList: ({ items }) => items.map(openName),
  ArchiveList: ({ items }) => items.map(({ name }) => `secret/${name}`),
  Peers: ({ peers }) => peers.filter(({ ordinal }) => ordinal !== undefined).map(({ name }) => `pod/${name}`),
  NodeReport: ({ name }) => [`node/${name}`],
  Explanation: ({ id }) => [id],
  ExplanationList: ({ items }) => items.map(({ id }) => id),
  PvcList: ({ items }) => items.map(({ name }) => `persistentvolumeclaim/${name}`),
  VolumeList: ({ items }) => items.map(({ name }) => `persistentvolume/${name}`),
  Version: ({ clientVersion }) => [clientVersion.gitVersion],
};
