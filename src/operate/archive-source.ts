import { CannotError, RefusedError } from '../domain/errors.ts';
import { read } from '../domain/reading.ts';
import { type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import type { Archive, FoundArchive } from '../domain/stored.ts';
import type { Resume } from '../operations/operation.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import type { Plan } from '../plan/plan.ts';
import { checkArchive } from '../record/archive.ts';
import { readArchive } from '../record/index-secret.ts';
import type { LookPorts } from './ports.ts';

/** What `--archive` means: a file when it looks like a path, else the name of an archive Secret. */
export function isFile(archive: string): boolean {
  return archive.includes('/') || archive.endsWith('.json');
}

/**
 * The snapshot with the archive that was asked for by name or file, instead of the newest.
 * @throws CannotError when there is no such archive
 */
export async function withArchive(snapshot: Snapshot, asked: string, ports: LookPorts): Promise<Snapshot> {
  const { namespace } = snapshot.target;
  const archive = isFile(asked) ? await archiveInFile(asked, snapshot.target, ports) : await readArchive(ports.verbs, namespace, asked);
  if (archive === undefined) throw new CannotError(`no archive ${asked} in namespace ${namespace}`, archivesOf(snapshot));
  const stored = sliceOf(snapshot, 'stored');
  const rest = stored.state === 'read' ? stored.value : { entries: [] };
  return {
    ...snapshot,
    slices: { ...snapshot.slices, stored: read({ ...rest, archive: aboutTarget(archive, snapshot.target) }, snapshot.now) },
  };
}

/** The archive that a plan goes by; none for one that is about to write its own. */
export function archiveOf({ archive }: Pick<Plan, 'archive'>, snapshot: Snapshot, resume: Resume | undefined): Archive | undefined {
  if (resume !== undefined) return resume.archive;
  const stored = sliceOf(snapshot, 'stored');
  const found = stored.state === 'read' ? stored.value.archive : undefined;
  return found?.state === 'valid' && found.archive.name === archive ? found.archive : undefined;
}

/** The command that lists them. */
function archivesOf(snapshot: Snapshot): string {
  return commandLine({ operation: 'restore', name: snapshot.target.name, options: { list: true } }, placeOf(snapshot));
}

/**
 * An archive that --save-to wrote.
 * @throws CannotError when the file cannot be read or holds no JSON
 */
export async function archiveInFile(path: string, target: Target, ports: LookPorts): Promise<FoundArchive> {
  try {
    return aboutTarget(checkArchive(path, JSON.parse(await ports.readFile(path))), target);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    if (error instanceof SyntaxError)
      throw new CannotError(`${path} is no archive as --save-to writes it: it holds no JSON`, undefined, error);
    throw new CannotError(`archive ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, undefined, error);
  }
}

/** @throws RefusedError for the archive of another set: restoring it under this name would take this set's claims */
function aboutTarget(found: FoundArchive, target: Target): FoundArchive {
  if (found.state !== 'valid') return found;
  const { name, namespace } = metadataOf(found.archive);
  if (name === target.name && namespace === target.namespace) return found;
  throw new RefusedError(
    `archive ${found.archive.name} is of StatefulSet ${name} in namespace ${namespace}, not of ${target.name} in ${target.namespace}`,
  );
}

const metadataOf = (archive: Archive): { readonly name: string; readonly namespace: string } =>
  archive.manifest['metadata'] as { readonly name: string; readonly namespace: string };
