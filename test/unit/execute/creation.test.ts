import { describe, expect, it } from 'vitest';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

type Spec = Record<string, unknown>;

/** A server that changes what it stores of a set that is created, as one does whose feature gate is closed. */
async function restoredBy(
  server: (spec: Spec) => Spec,
  spec: Spec = {},
): Promise<{ readonly cluster: ModelCluster; readonly driver: Driver }> {
  const cluster = running(2, spec);
  const driver = driverOf(cluster);
  expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  const create = cluster.create.bind(cluster);
  cluster.create = (path, body) =>
    create(path, path.endsWith('/statefulsets') ? { ...body, spec: server(structuredClone(body['spec']) as Spec) } : body);
  expect(await driver.run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  return { cluster, driver };
}

const warnings = ({ events }: Driver): readonly string[] => events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

describe('a set that is created from its archive', () => {
  it('is said to have lost what the server did not keep of it, each field by name', async () => {
    const { driver } = await restoredBy(({ ordinals: _gate, ...kept }) => ({ ...kept, minReadySeconds: 5 }), {
      ordinals: { start: 0 },
      minReadySeconds: 7,
    });
    // Told at its creation; that the end is not as archived is told besides.
    expect(warnings(driver)).toContain('the server did not keep: spec.ordinals, spec.minReadySeconds');
  });

  it('has lost nothing when the server only added to it', async () => {
    const { driver } = await restoredBy((spec) => ({ ...spec, revisionHistoryLimit: 10 }));
    expect(warnings(driver)).toEqual([]);
  });
});
