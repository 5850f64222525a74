/**
 * Prints every page once, to look at them on a real terminal: `node test/support/render-pages.ts [scenario…]`.
 */

import { statusOf } from '../../src/inspect/status/model.ts';
import { renderCatalogue, renderExplanation } from '../../src/render/explain.ts';
import { renderOperations } from '../../src/render/operations.ts';
import { renderRefusal } from '../../src/render/refusal.ts';
import { renderStatusTable } from '../../src/render/status/line.ts';
import { renderStatusTree } from '../../src/render/status/tree.ts';
import { colorChoice, styleFor, type View } from '../../src/render/style.ts';
import { graceFinding, sampleExplanation, sampleOpenItem, sampleRefusal } from './render-samples.ts';
import { loadScenario, scenarioNames } from './scenario.ts';

const { stdout } = process;
const isTTY = stdout.isTTY === true;
const view: View = {
  style: styleFor(colorChoice('auto', process.env, isTTY)),
  width: isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
  wide: false,
};
const asked = process.argv.slice(2);
const scenarios = (asked.length > 0 ? asked : scenarioNames()).map(loadScenario);
const statuses = scenarios.flatMap(({ snapshot, record, expected }) => {
  const status = statusOf(snapshot, record, expected.health === 'Stalled' ? [graceFinding] : []);
  return status === undefined ? [] : [{ status, cluster: snapshot.cluster }];
});
const list = statuses.map(({ status }, index) => ({ ...status, name: scenarios[index]?.name ?? status.name }));

console.log(renderStatusTable(list, { namespaces: false, headers: true, flags: [] }, view));
for (const { status, cluster } of asked.length > 0 ? statuses : []) console.log(`\n${renderStatusTree(status, cluster, view)}`);
if (asked.length === 0) {
  const now = Date.parse('2026-06-01T12:00:00Z');
  console.log(`\n${renderRefusal(sampleRefusal, view)}`);
  console.log(`\n${renderOperations([sampleOpenItem], { namespaces: true, headers: true, now }, view)}`);
  console.log(`\n${renderCatalogue([sampleExplanation], view)}\n\n${renderExplanation(sampleExplanation, view)}`);
}
