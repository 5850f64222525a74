import { type Snapshot, sliceOf } from '../domain/snapshot.ts';

/** The next free archive name, `sts-safe.<set>.<n>`: one above the highest that the index ever listed. */
export function archiveNameFor(snapshot: Snapshot): string {
  const prefix = `sts-safe.${snapshot.target.name}.`;
  const stored = sliceOf(snapshot, 'stored');
  const entries = stored.state === 'read' ? stored.value.entries : [];
  const numbers = entries.map(({ name }) => (name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0)).filter(Number.isInteger);
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}
