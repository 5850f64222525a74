import Type, { type TSchema } from 'typebox';
import type { DocumentKind } from '../json.ts';
import { doctor } from './doctor.ts';
import { archiveList, explanation, explanationList, findingList, operationList, version } from './lists.ts';
import { node } from './node.ts';
import { events, operationResult, plan, refusal } from './operation.ts';
import { peers } from './peers.ts';
import { pvcList, volumeList } from './pvcs.ts';
import { revisionList, rolloutStatus } from './rollout.ts';
import { runResult } from './runbook.ts';
import { status, statusList } from './status.ts';

/** The schema of every kind of document; schemas/<kind>.json, in kebab case, is written from it. */
export const schemas: Readonly<Record<DocumentKind | 'Event', TSchema>> = {
  Plan: plan,
  Refusal: refusal,
  OperationResult: operationResult,
  RunResult: runResult,
  Status: status,
  StatusList: statusList,
  FindingList: findingList,
  DoctorReport: doctor,
  RolloutStatus: rolloutStatus,
  RevisionList: revisionList,
  OperationList: operationList,
  ArchiveList: archiveList,
  Peers: peers,
  NodeReport: node,
  Explanation: explanation,
  ExplanationList: explanationList,
  PvcList: pvcList,
  VolumeList: volumeList,
  Version: version,
  Event: events,
};

/** The schema as it is published. */
export function published(schema: TSchema): object {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schema };
}

/** Options of every operation: what an archive holds, and what a script may say. */
export function publishedOptions(byOperation: Readonly<Record<string, TSchema>>): object {
  return published(Type.Object(byOperation, { additionalProperties: false, description: 'Options of each operation, by its id' }));
}

/** `OperationResult` → `operation-result.json`. */
export function schemaFile(kind: string): string {
  return `${kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.json`;
}
