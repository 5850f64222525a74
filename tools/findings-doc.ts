/**
 * Writes docs/findings.md from the catalogue and from the operations' rows of the consent table. With --check it writes
 * nothing and exits 1 when the page is not what it would write.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { CATALOGUE, type CatalogueEntry, RAISED_BY_OPERATE } from '../src/findings/catalogue.ts';
import type { Rule } from '../src/findings/check.ts';
import { deleteRules } from '../src/operations/delete/rules.ts';
import { restoreRules } from '../src/operations/restore/rules.ts';
import { scaleDownRules, scaleUpRules } from '../src/operations/scale/rules.ts';

export const PAGE = new URL('../docs/findings.md', import.meta.url);

const OPERATIONS: readonly (readonly [string, readonly Rule[]])[] = [
  ['scale down', scaleDownRules],
  ['scale up', scaleUpRules],
  ['delete', deleteRules],
  ['restore', restoreRules],
];

const HEAD = `# Findings

<!-- Made by tools/findings-doc.ts from src/findings/catalogue and the operations' rules. Do not edit. -->

A finding is the reason for a refusal, a warning or a note. Its id is stable: \`kubectl sts-safe explain ID\` prints the
entry below, and \`--allow ID\` goes past one that blocks, where that is possible at all. There is no blanket \`--force\`.

- **blocks**: refused before the first write, unless allowed. *Never* means that no flag helps.
- **warns**: shown with the plan, before you are asked.
- **notes**: for those who want to know.

Each finding says how sure it is: proven, likely, unknown (could not be checked) or contradicted (evidence disagrees).
What could not be read raises no other finding: \`evidence-unknown\` reports that.
`;

/** The whole page. */
export function findingsPage(): string {
  return `${[HEAD, '## Where each is looked at', '', ...overview(), '', ...CATALOGUE.flatMap(section)].join('\n').trimEnd()}\n`;
}

function overview(): readonly string[] {
  return [
    `| finding | ${OPERATIONS.map(([name]) => name).join(' | ')} |`,
    `|---|${OPERATIONS.map(() => '---|').join('')}`,
    ...CATALOGUE.map(({ id }) => `| [${id}](#${id}) | ${OPERATIONS.map(([, rules]) => severityOf(id, rules)).join(' | ')} |`),
  ];
}

function severityOf(id: string, rules: readonly Rule[]): string {
  const rule = rules.find(({ check }) => check.id === id);
  if (id === 'evidence-unknown') return 'blocks, never; or warns';
  if (rule === undefined) return RAISED_BY_OPERATE.includes(id) ? 'blocks, never' : '';
  return rule.severity === 'blocks' && rule.override === 'never' ? 'blocks, never' : rule.severity;
}

function section({ id, title, meaning, remedy, source, override }: CatalogueEntry): readonly string[] {
  const pass = override === 'allow' ? `\`--allow ${id}\` goes past it where it blocks.` : 'No flag goes past it where it blocks.';
  return [`## ${id}`, '', `**${title}.** ${meaning}`, '', `What helps: ${remedy}`, '', `${pass} Source: ${source}.`, ''];
}

if (import.meta.main) {
  const page = findingsPage();
  const before = await readFile(PAGE, 'utf8').catch(() => '');
  if (!process.argv.includes('--check')) await writeFile(PAGE, page);
  else if (before !== page) {
    console.error('docs/findings.md is stale: node tools/findings-doc.ts');
    process.exitCode = 1;
  }
}
