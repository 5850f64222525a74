/**
 * Plays a made-up operation through the renderers, to look at them on a real terminal:
 * `node test/support/render-demo.ts [live|plain|json|auto] [members] [milliseconds a step] [done|fail|stop]`
 */
import { createSink, type ProgressChoice } from '../../src/render/live/sink.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { renderResult } from '../../src/render/result.ts';
import { colorChoice, styleFor } from '../../src/render/style.ts';
import { samplePlan, sampleResult } from './render-samples.ts';

const [choice = 'auto', members = '3', pace = '900', end = 'done'] = process.argv.slice(2);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const isTTY = process.stderr.isTTY;
const style = styleFor(colorChoice('auto', process.env, isTTY));
const view = { style, width: process.stdout.columns ?? Number.POSITIVE_INFINITY, wide: false };
const plan = samplePlan(Number(members));

console.log(`${renderPlan(plan, view)}\n`);
const clock = { now: () => Date.now(), sleep };
const sink = createSink(choice as ProgressChoice, {
  stderr: process.stderr,
  isTTY,
  columns: process.stderr.columns ?? 80,
  style,
  env: process.env,
  clock,
});
sink.emit({ type: 'operation-started', plan, at: Date.now() });
const total = plan.steps.length;
for (const [index, { id, title }] of plan.steps.entries()) {
  const at = Date.now();
  sink.emit({ type: 'step-started', id, title, index, total, at });
  for (let i = 0; i < 3; i++) {
    await sleep(Number(pace) / 3);
    sink.emit({ type: 'step-note', id, message: `pod web-${index} is terminating, ${i * 10}s of 30s grace left`, at: Date.now() });
  }
  if (index === 3) sink.emit({ type: 'warning', message: 'an Event could not be written: forbidden \u001b[31mred', at: Date.now() });
  if (end !== 'done' && index === 4) {
    if (end === 'fail')
      sink.emit({
        type: 'step-failed',
        id,
        title,
        at: Date.now(),
        message: 'the set was changed by another client: spec.replicas is 5, planned on 3; nothing more is done until you look at it again',
      });
    else sink.emit({ type: 'stopping', message: 'stopping after this step', at: Date.now() });
    break;
  }
  sink.emit({ type: 'step-finished', id, title, at: Date.now(), tookMs: Date.now() - at, already: index === 1 });
}
const result = sampleResult(plan, end);
sink.emit({ type: 'operation-finished', result, at: Date.now() });
sink.close();
console.log(`\n${renderResult(result, plan.steps, view)}`);
