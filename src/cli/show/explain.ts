import { UsageError } from '../../domain/errors.ts';
import { CATALOGUE, type CatalogueEntry, entryOf, isOfPeers, nearest } from '../../findings/catalogue.ts';
import { severityInDoctor } from '../../findings/diagnosis/index.ts';
import { takes } from '../../operations/consent.ts';
import { consentTable } from '../../operations/registry.ts';
import { type Explanation, renderCatalogue, renderExplanation } from '../../render/explain.ts';
import { renderDocument } from '../../render/json.ts';
import type { View } from '../../render/style.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { Session } from '../session.ts';
import { type Drawn, viewOf } from '../view.ts';

/**
 * `explain`: the page of one finding, or the list of all.
 *
 * @throws UsageError for an id that there is not, with the one that was probably meant
 */
export async function showExplanation(id: string | undefined, output: OutputChoice, flags: Drawn, { io }: Session): Promise<number> {
  io.stdout.write(await explain(id, output, viewOf(io.stdout, io.env, flags)));
  return 0;
}

function explain(id: string | undefined, { format }: OutputChoice, view: View): Promise<string> | string {
  if (id === undefined) {
    const items = CATALOGUE.map(explanationOf);
    return isDocument(format) ? renderDocument('ExplanationList', { items }, format) : `${renderCatalogue(items, view)}\n`;
  }
  const entry = entryOf(id);
  if (!entry) throw unknownFinding(id);
  const page = explanationOf(entry);
  return isDocument(format) ? renderDocument('Explanation', page, format) : `${renderExplanation(page, view)}\n`;
}

function unknownFinding(id: string): UsageError {
  const near = nearest(id);
  return new UsageError(`there is no finding "${id}"`, near ? `did you mean ${near.id}?` : 'kubectl sts-safe explain lists them all');
}

function explanationOf({ id, title, meaning, remedy, source }: CatalogueEntry): Explanation {
  const inDoctor = severityInDoctor(id);
  return {
    id,
    summary: title,
    meaning: [meaning],
    evidence: [],
    remedies: [remedy],
    operations: [
      ...(inDoctor === undefined ? [] : [{ operation: 'doctor', severity: inDoctor, override: 'never' as const }]),
      ...(isOfPeers(id) ? [{ operation: 'peers', severity: 'warns' as const, override: 'never' as const }] : []),
      ...consentTable().flatMap((row) => takes(row, id).map((taken) => ({ operation: row.operation, ...taken }))),
    ],
    sources: [source],
  };
}
