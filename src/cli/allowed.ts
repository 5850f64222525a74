import { UsageError } from '../domain/errors.ts';

/**
 * Checks the ids of --allow. The catalogue is loaded only when there are any.
 *
 * @throws UsageError for a finding that there is not: it would allow nothing, and whoever typed it thinks that it does
 */
export async function checkAllowed(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { entryOf, nearest } = await import('../findings/catalogue.ts');
  const unknown = ids.find((id) => entryOf(id) === undefined);
  if (unknown === undefined) return;
  const near = nearest(unknown);
  throw new UsageError(
    `--allow ${unknown}: there is no such finding`,
    near === undefined ? 'kubectl sts-safe explain lists them' : `did you mean ${near.id}? kubectl sts-safe explain lists them`,
  );
}
