import { describe, expect, it } from 'vitest';
import { renderRevisions, renderRolloutStatus } from '../../../src/render/rollout.ts';
import { styleFor, type View } from '../../../src/render/style.ts';
import { sampleRolloutStatus } from '../../support/render-samples.ts';

const view: View = { style: styleFor(false), width: 100, wide: false };
const shown = { headers: true, now: Date.parse('2026-06-01T12:00:00Z') };

describe('rollout status', () => {
  it('says how far it is, who runs it, which revisions run, and what resumes it', () => {
    const status = { ...sampleRolloutStatus, resumeCommand: 'kubectl sts-safe rollout resume web -n prod' };
    expect(renderRolloutStatus(status, shown, view)).toMatchInlineSnapshot(`
      "StatefulSet prod/web  1 of 3 Pods updated, updateStrategy RollingUpdate, partition 2
      Paused: partition 2 holds web-0, web-1 at web-a; rollout start by ann@laptop is paused (pause/1)
      rollout start by ann@laptop, started 10m ago, paused at pause/1, last heartbeat 5m ago

      REVISION   NAME    AGE      IMAGES       PODS
      2 (new)    web-b   10m      main=app:2   web-2
      <none>     web-a   <none>   <none>       web-0, web-1

      POD     UPDATED   READY   RESTARTS   REVISION
      web-0   no        yes     0          web-a
      web-1   no        no      3          web-a
      web-2   yes       yes     0          web-b

        resume    kubectl sts-safe rollout resume web -n prod"
    `);
  });

  it('says that no operation is open, and who wrote the StatefulSet', () => {
    const { operation: _, ...status } = sampleRolloutStatus;
    expect(renderRolloutStatus(status, shown, view)).toContain(
      'no operation of sts-safe is open on it; last written by field manager kubectl-create',
    );
  });
});

it('rollout history lists the revisions', () => {
  const list = { namespace: 'prod', name: 'web', items: sampleRolloutStatus.revisions };
  expect(renderRevisions(list, { ...shown, headers: false }, view).split('\n')).toEqual([
    expect.stringMatching(/^2 \(new\) +web-b +10m +main=app:2 +web-2$/),
    expect.stringMatching(/^<none> +web-a +<none> +<none> +web-0, web-1$/),
  ]);
});
