import { OWNED_SLICES } from '../domain/dependents.ts';
import type { Finding } from '../domain/finding.ts';
import type { SliceName, Snapshot } from '../domain/snapshot.ts';
import { furtherSlices, type Intent, type Rule } from '../findings/check.ts';
import type { Operation, PlanInput } from '../operations/operation.ts';
import { unknownEvidence } from './evidence.ts';
import type { Outlook } from './outlook.ts';

/** So often it may turn out that there is more to look at. */
const LOOKS = 3;

/**
 * What only the first look tells that it must be looked at, in one more: what checks ask for besides and, where Pods leave, what
 * they own. What of that may not be listed is warned of; nobody is refused a scale because they may not list Secrets.
 */
export async function withFurther(
  { id, needs }: Operation<unknown>,
  input: PlanInput<unknown>,
  { rules, intent }: { readonly rules: readonly Rule[]; readonly intent: Intent },
  outlook: Outlook,
): Promise<{ readonly input: PlanInput<unknown>; readonly unseen: readonly Finding[] }> {
  const leaves = intent.leaving.length > 0 || intent.restarting !== undefined;
  const told = new Set<SliceName>([...needs.required, ...needs.advisory]);
  const besides = (seen: Snapshot): ReturnType<typeof furtherSlices> => {
    const { required, advisory } = furtherSlices(rules, seen, intent);
    const all = new Set([...advisory, ...(leaves ? OWNED_SLICES : [])]);
    return { required, advisory: [...all.difference(told).difference(new Set(required))] };
  };
  const snapshot = await seenWith(besides, input.snapshot, outlook);
  return { input: { ...input, snapshot }, unseen: unknownEvidence(snapshot, besides(snapshot), id) };
}

/** What is seen may tell of more: whether other Pods count at all, and then how they are. */
async function seenWith(
  besides: (seen: Snapshot) => ReturnType<typeof furtherSlices>,
  first: Snapshot,
  outlook: Outlook,
): Promise<Snapshot> {
  let snapshot = first;
  for (let more = LOOKS; more > 0; more -= 1) {
    const { required, advisory } = besides(snapshot);
    const missing = [...required, ...advisory].filter((slice) => snapshot.slices[slice] === undefined);
    if (missing.length === 0) break;
    const seen = await outlook.see(missing);
    snapshot = { ...snapshot, slices: { ...seen.slices, ...snapshot.slices } };
  }
  return snapshot;
}
