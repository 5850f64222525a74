/**
 * Writes docs/findings.md from the catalogue, and docs/consent.md from the consent table of the operations. With --check
 * it writes nothing and exits 1 when a page is not what it would write.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Severity } from '../src/domain/finding.ts';
import { CATALOGUE, type CatalogueEntry, RAISED_BY_PEERS } from '../src/findings/catalogue.ts';
import { severityInDoctor } from '../src/findings/diagnosis/index.ts';
import { lookedAtBesides, type Taken, takes, wordFor } from '../src/operations/consent.ts';
import type { ConsentRow } from '../src/operations/operation.ts';
import { consentTable } from '../src/operations/registry.ts';

const FINDINGS = `# Findings

<!-- Made by tools/findings-doc.ts from src/findings and the operations' rules. Do not edit. -->

A finding is the reason for a refusal, a warning or a note. Its id is stable: \`kubectl sts-safe explain ID\` prints the
entry below, and \`--allow ID\` overrides one that blocks, where that is possible at all. There is no blanket \`--force\`.

- **blocks**: refused before the first write, unless allowed. *Never* means that no flag helps.
- **warns**: shown with the plan, before you are asked.
- **notes**: for those who want to know.

Each finding says how sure it is: proven, likely, unknown (could not be checked) or contradicted (evidence disagrees).
What could not be read raises no other finding: \`evidence-unknown\` reports that.
What each operation asks for, and must know, is in [consent](consent.md). Findings of \`peers\` refuse nothing: with \`--check\`
one that warns makes it exit 5. Nor do those of \`doctor\`, which calls them error (blocks), warning (warns) and info (notes).
`;

const CONSENT = `# Consent

<!-- Made by tools/findings-doc.ts from src/operations. Do not edit. -->

What each operation asks for before its first write, what it must know by then, and how it takes each [finding](findings.md).

- **yes/no** is answered at the prompt or by \`--yes\`; what is **typed** needs the set's name at the prompt, or \`--confirm\`
  with the name, NAMESPACE/NAME or the plan's digest. Only a terminal or a flag answers: piped input never does.
- What **must be known** and could not be read blocks; what is **looked at** besides and could not be read is a warning.
- Nodes are looked at only where required anti-affinity keeps Pods apart, and other Pods than the set's only where they count for
  the same PodDisruptionBudget or the same anti-affinity. What other Pods mount must be known for \`delete --delete-claims\`.
- **Where Pods leave**, what they own would be deleted with them (\`pod-owns-objects\`): metadata of these is listed, and one that may
  not be listed is a warning.
- Besides what is listed, every operation refuses with \`other-operation\`, \`permission-missing\` and \`archive-not-writable\`, and
  no flag overrides those; against the last one \`delete --save-to FILE\` helps. The way back from a restore whose members have
  not started takes no more than a yes: it has no other rules.
- \`delete --save-to FILE\` does without operation records and saved manifests, as does the \`cancel\` of one that could not keep them; a
  \`cancel\` by which no member leaves does without claims. \`cancel (set gone)\` brings back a set that the stopped operation has deleted already.
`;

/** The pages by where they are. */
export function pages(): ReadonlyMap<URL, string> {
  return new Map([
    [new URL('../docs/findings.md', import.meta.url), findingsPage()],
    [new URL('../docs/consent.md', import.meta.url), consentPage()],
  ]);
}

function findingsPage(): string {
  return `${[FINDINGS, '## Where each is looked at', '', ...overview(), '', ...CATALOGUE.flatMap(section)].join('\n').trimEnd()}\n`;
}

function overview(): readonly string[] {
  return markdown(
    ['finding', 'doctor', ...consentTable().map(({ operation }) => operation)],
    CATALOGUE.filter(({ id }) => isOfDoctor(id) || !RAISED_BY_PEERS.includes(id)).map(({ id }) => [
      `[${id}](#${id})`,
      severityInDoctor(id) ?? '',
      ...consentTable().map((row) => takes(row, id).map(inWords).join('; or ')),
    ]),
  );
}

function isOfDoctor(id: string): boolean {
  return severityInDoctor(id) !== undefined;
}

function inWords({ severity, override }: Taken): string {
  return severity === 'blocks' && override === 'never' ? 'blocks, never' : severity;
}

function section({ id, title, meaning, remedy, source, override }: CatalogueEntry): readonly string[] {
  const isOfOperations = consentTable().some((row) => takes(row, id).length > 0);
  if (!isOfOperations) {
    const by = [...(RAISED_BY_PEERS.includes(id) ? ['`peers`'] : []), ...(isOfDoctor(id) ? ['`doctor`'] : [])].join(' and ');
    return [`## ${id}`, '', `**${title}.** ${meaning}`, '', `What helps: ${remedy}`, '', `Raised by ${by}. Source: ${source}.`, ''];
  }
  const pass = override === 'allow' ? `\`--allow ${id}\` overrides it where it blocks.` : 'No flag overrides it where it blocks.';
  return [`## ${id}`, '', `**${title}.** ${meaning}`, '', `What helps: ${remedy}`, '', `${pass} Source: ${source}.`, ''];
}

function consentPage(): string {
  const asks = markdown(
    ['operation', 'consent', 'must be known', 'looked at besides', 'where Pods leave'],
    consentTable().map(({ operation, consent, needs, rules, owned = [] }) => {
      const [required, besides] = [[...new Set(needs.required.map(wordFor))], lookedAtBesides({ needs, rules })];
      const more = owned.map(wordFor).filter((word) => ![...required, ...besides].includes(word));
      return [operation, consentInWords(consent), required.join(', '), besides.join(', '), more.join(', ')];
    }),
  );
  const findings = markdown(
    ['operation', 'blocks, `--allow` overrides it', 'blocks, never', 'warns', 'notes'],
    consentTable().map((row) => [
      row.operation,
      found(row, 'blocks', 'allow'),
      found(row, 'blocks', 'never'),
      found(row, 'warns'),
      found(row, 'notes'),
    ]),
  );
  return `${[CONSENT, ...asks, '', ...findings].join('\n')}\n`;
}

function consentInWords({ kind, typedIf }: ConsentRow['consent']): string {
  const usual = kind === 'typed' ? 'typed' : 'yes/no';
  return typedIf === undefined ? usual : `${usual}; typed where ${typedIf}`;
}

function found({ rules }: ConsentRow, severity: Severity, override?: Taken['override']): string {
  return rules
    .filter((rule) => rule.severity === severity && (override === undefined || rule.check.override === override))
    .map(({ check }) => `\`${check.id}\``)
    .join(', ');
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}

if (import.meta.main) {
  for (const [page, text] of pages()) {
    const before = await readFile(page, 'utf8').catch(() => '');
    if (!process.argv.includes('--check')) await writeFile(page, text);
    else if (before !== text) {
      console.error(`${page.pathname.replace(/.*\/(docs\/)/, '$1')} is stale: node tools/findings-doc.ts`);
      process.exitCode = 1;
    }
  }
}
