import type { KubeObject, Secret } from '../domain/kube.ts';
import { collectionOf } from '../domain/object-ref.ts';
import type { Archive, SavedSet } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import { setOfSecret } from './archive.ts';
import { entriesOf, readArchive } from './index-secret.ts';

/** How this is looked at: archives by name, indexes by their label. */
export interface SavedVerbs extends Pick<ApiVerbs, 'get'> {
  list(path: string, labelSelector: string): Promise<readonly KubeObject[]>;
}

const INDEXES = 'app.kubernetes.io/managed-by=kubectl-sts-safe,sts-safe.dev/kind=index';

/**
 * What is saved about all sets of a namespace, or of all: one list of indexes, and of each deleted set the manifest that a
 * plain restore would take.
 */
export async function readSaved(verbs: SavedVerbs, namespace: string | undefined): Promise<readonly SavedSet[]> {
  const secrets = (await verbs.list(collectionOf('secrets', namespace), INDEXES)) as readonly Secret[];
  return (await Promise.all(secrets.map((secret) => savedIn(secret, verbs)))).flat();
}

async function savedIn(secret: Secret, verbs: SavedVerbs): Promise<readonly SavedSet[]> {
  const { namespace = '' } = secret.metadata;
  const name = setOfSecret(secret);
  if (name === undefined) return [];
  const entries = entriesOf(secret);
  const deletion = entries.findLast(({ setDeleted }) => setDeleted);
  const archive = deletion === undefined ? undefined : await readArchive(verbs, namespace, deletion.name);
  const deleted: { readonly deleted?: Archive } = archive?.state === 'valid' ? { deleted: archive.archive } : {};
  return [
    {
      namespace,
      name,
      replicas: Math.max(0, ...entries.map(({ replicas }) => replicas)),
      hasRecord: secret.data?.['record'] !== undefined,
      ...deleted,
    },
  ];
}
