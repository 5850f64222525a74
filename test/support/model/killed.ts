import { expect } from 'vitest';
import type { ArchiveEntry, OperationRecord } from '../../../src/domain/stored.ts';
import { entriesOf } from '../../../src/record/index-secret.ts';
import type { ModelCluster } from './cluster.ts';

class Crash extends Error {}

/** SIGKILL right before, or right after, the first write that matches. */
export async function killedAt(cluster: ModelCluster, at: RegExp, when: 'before' | 'after', work: () => Promise<unknown>): Promise<void> {
  let killed = false;
  const dead = (): never => {
    killed = true;
    throw new Crash();
  };
  cluster.onWrite = (moment, what) => {
    if (moment !== when || !at.test(what)) return;
    cluster.onWrite = dead;
    dead();
  };
  // Some of it may still be told, as a process that is killed could not.
  await work().catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  expect(killed).toBe(true);
  cluster.onWrite = () => {};
}

/**
 * SIGKILL at the n-th write: before it reaches the server, or after it was done and before the answer.
 * @returns whether there was such a write
 */
export async function killedAtWrite(
  cluster: ModelCluster,
  nth: number,
  when: 'before' | 'after',
  work: () => Promise<unknown>,
): Promise<boolean> {
  let writes = 0;
  let killed = false;
  // A dead process sends nothing more.
  const dead = (): never => {
    killed = true;
    throw new Crash();
  };
  cluster.onWrite = (moment, what) => {
    if (what.includes('/events')) return;
    if (moment === 'before') writes += 1;
    if (writes < nth || moment !== when) return;
    cluster.onWrite = dead;
    dead();
  };
  await work().catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  cluster.onWrite = () => {};
  return killed;
}

const INDEX = '/api/v1/namespaces/prod/secrets/sts-safe.web';

/** What the index Secret of the model's set holds. */
export function indexOf(cluster: ModelCluster): {
  readonly entries: readonly ArchiveEntry[];
  readonly record: OperationRecord | undefined;
} {
  const secret = cluster.objects.get(INDEX) as unknown as Parameters<typeof entriesOf>[0];
  const raw = secret.data?.['record'];
  return {
    entries: entriesOf(secret),
    record: raw === undefined ? undefined : (JSON.parse(Buffer.from(raw, 'base64').toString('utf8')) as OperationRecord),
  };
}
