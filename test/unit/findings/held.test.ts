import { absent } from '../../../src/domain/reading.ts';
import { archiveOutdated } from '../../../src/findings/archive-outdated.ts';
import { archiveOutlived } from '../../../src/findings/archive-outlived.ts';
import type { Intent } from '../../../src/findings/check.ts';
import { replicasChanged } from '../../../src/findings/replicas-changed.ts';
import { ago, archiveOf, HOUR, NOW, restoreOf, setOf, storedOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

/** What an operation that was stopped, and an archive, may find changed since. */

const web = setOf();
const archive = archiveOf(web);
const deleting = (over: Partial<Intent> = {}): Intent => ({
  operation: 'delete',
  set: web,
  leaving: [0, 1, 2],
  arriving: [],
  staying: [],
  archive,
  left: 3,
  ...over,
});
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'app', image: name }] } } } });
const gone = { set: absent('not-found', NOW), sets: [], pods: [] } as const;

table(replicasChanged, {
  'as it was left': { see: worldOf(web), when: deleting(), says: [] },
  'an operation that begins': { see: worldOf(web), when: { ...deleting(), left: undefined } as unknown as Intent, says: [] },
  'a set that is gone': { see: worldOf(web, gone), when: deleting({ left: 0 }), says: [] },
  'other replicas': {
    see: worldOf(web),
    when: deleting({ left: 1 }),
    says: ['another client has set replicas to 3 since; the operation had left it at 1'],
    seen: ['statefulset/web: spec.replicas = 3'],
    tries: ['kubectl sts-safe cancel web -n prod'],
    remedies: 1,
  },
  'going back, it is only said': {
    see: worldOf(web),
    when: deleting({ operation: 'cancel', goesBack: true, left: 1 }),
    says: [/^another client/],
    remedies: 0,
  },
});

table(archiveOutdated, {
  'the set as archived': { see: worldOf(web), when: deleting(), says: [] },
  'what a deletion changes itself': {
    see: worldOf(setOf({ spec: { replicas: 1, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } } })),
    when: deleting(),
    says: [],
  },
  'another template': {
    see: worldOf(setOf(image('registry/app:2'))),
    when: deleting(),
    says: [/^spec\.template\..* of the set is not as in archive sts-safe.web.1 any more; a restore would bring back what it was$/],
    seen: ['statefulset/web: spec.template.spec.containers[0].image = not as archived'],
    tries: ['kubectl sts-safe cancel web -n prod'],
  },
  'another set of that name': {
    see: worldOf(setOf({ ...image('registry/app:2'), metadata: { uid: 'another' } })),
    when: deleting(),
    says: [],
  },
  'a set that is gone': { see: worldOf(web, gone), when: deleting(), says: [] },
});

const entry = (id: string, over: { readonly created?: string; readonly setUid?: string } = {}) => ({
  name: `sts-safe.web.${id}`,
  operation: 'scale' as const,
  id,
  created: ago(HOUR / 2),
  setUid: web.metadata.uid,
  replicas: 3,
  setDeleted: false,
  ...over,
});
const stored = storedOf(archive);
const lived = { ...stored, entries: stored.entries.map((one) => ({ ...one, setDeleted: false })) };

table(archiveOutlived, {
  'of the deletion that took the set away': { see: worldOf(web, { ...gone, stored }), when: restoreOf(web), says: [] },
  'of a file, of which the index knows nothing': {
    see: worldOf(web, { ...gone, stored: { ...stored, entries: [] } }),
    when: restoreOf(web),
    says: [],
  },
  'of a set that lived on': {
    see: worldOf(web, { ...gone, stored: lived }),
    when: restoreOf(web),
    says: [
      /^the set lived on after archive sts-safe.web.1 of .*, and the index does not show that sts-safe deleted it: what was changed later is not in it$/,
    ],
    seen: ['archive/sts-safe.web.1: setDeleted = false'],
    tries: ['kubectl sts-safe restore web --dry-run -n prod'],
  },
  'an older one of the same set': {
    see: worldOf(web, { ...gone, stored: { ...stored, entries: [...stored.entries, entry('2')] } }),
    when: restoreOf(web),
    says: [/ is not the newest: the set was archived later, as sts-safe.web.2$/],
    tries: ['kubectl sts-safe restore web --list -n prod'],
  },
  'of a set after which there was another one': {
    see: worldOf(web, { ...gone, stored: { ...stored, entries: [...stored.entries, entry('2', { setUid: 'another' })] } }),
    when: restoreOf(web),
    says: [/ is not the newest: another set of that name was archived later, as sts-safe.web.2$/],
  },
  'a later one than what came before': {
    see: worldOf(web, { ...gone, stored: { ...stored, entries: [entry('0', { created: ago(2 * HOUR) }), ...stored.entries] } }),
    when: restoreOf(web),
    says: [],
  },
});
