import { atMostOne, commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { objectIn, objectInFile } from '../../cli/object-file.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';
import type { Session } from '../../cli/session.ts';
import { UsageError } from '../../domain/errors.ts';

type Raw = Readonly<Record<string, unknown>>;

export const rolloutStart = defineCommand({
  id: 'rollout:start',
  summary: 'Update the Pods of a StatefulSet one at a time, as a canary',
  description: `Saves the manifest, then sets the new Pod template and a partition that holds every Pod in one change. The partition is lowered by one Pod at a time, highest ordinal first. The next Pod follows when the new one is of the new revision, Ready, Available, and has stayed so without a restart for --soak. No Pod is updated while another one is unavailable.

Ctrl-C, a lost connection or --pause-at leave the remaining Pods on their revision. "rollout resume" continues from any machine, "cancel" restores the saved Pod template.

For StatefulSets with updateStrategy RollingUpdate, OrderedReady and Parallel.`,
  usage: 'NAME --image CONTAINER=IMAGE',
  examples: [
    {
      what: 'A new image, in three steps, each Pod watched for two minutes',
      line: 'rollout start db --image db=mongo:8.1 --steps 1,50%,100% --soak 2m',
    },
    { what: 'See what changes, and which Pod is updated in which step', line: 'rollout start db --image db=mongo:8.1 --dry-run' },
    { what: 'Stop after the first Pod, and look at it', line: 'rollout start db --image db=mongo:8.1 --pause-at 1 --yes' },
    {
      what: 'Go on only when each updated Pod serves',
      line: 'rollout start db --image db=mongo:8.1 --gate http:8080/healthz --gate-timeout 10m',
    },
    { what: 'The Pod template of a manifest', line: 'rollout start db -f db.yaml' },
    { what: 'A strategic merge patch, as kubectl patch takes it', line: 'rollout start db --patch-file patch.yaml' },
  ],
  flags: {
    image: {
      kind: 'list',
      commas: true,
      value: 'CONTAINER=IMAGE',
      help: 'New image of a container; may be repeated. * stands for every container.',
      group: 'OPTIONS',
    },
    patch: { kind: 'string', value: 'PATCH', help: 'Strategic merge patch of spec.template, JSON or YAML.', group: 'OPTIONS' },
    'patch-file': { kind: 'string', file: true, value: 'FILE', help: 'The same from a file.', group: 'OPTIONS' },
    filename: {
      kind: 'string',
      short: 'f',
      file: true,
      value: 'FILE',
      help: 'Manifest of the StatefulSet, of which the Pod template is taken.',
      group: 'OPTIONS',
    },
    ...paceFlags,
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  async run({ args, flags }, session) {
    const name = oneSetName(args);
    atMostOne(flags, 'image', 'patch', 'patch-file', 'filename');
    const edit = await editOf(name, flags, session);
    return session.change(
      { operation: 'rollout start', name, options: { ...edit, ...paceOf(flags) }, common: commonOptions(flags) },
      flags,
    );
  },
});

interface EditFlags {
  readonly image?: readonly string[];
  readonly patch?: string;
  readonly 'patch-file'?: string;
  readonly filename?: string;
}

async function editOf(
  name: string,
  { image, patch, 'patch-file': patchFile, filename }: EditFlags,
  session: Pick<Session, 'readFile'>,
): Promise<Raw> {
  if (image !== undefined) return { image: image.map(checkedImage) };
  if (patch !== undefined) return { patch: checkedPatch(await objectIn(patch, '--patch'), '--patch') };
  if (patchFile !== undefined) return { patch: checkedPatch(await objectInFile(patchFile, session), patchFile) };
  if (filename !== undefined) return { manifest: checkedManifest(await objectInFile(filename, session), filename, name) };
  throw new UsageError('what is the new Pod template?', 'add --image CONTAINER=IMAGE, --patch, --patch-file or -f FILE');
}

function checkedImage(image: string): string {
  const at = image.indexOf('=');
  if (at > 0 && at < image.length - 1) return image;
  throw new UsageError(`invalid value "${image}" for --image`, 'write --image CONTAINER=IMAGE');
}

/** A rollout is about the Pod template; whatever else a patch has would be changed without a plan. */
function checkedPatch(patch: Raw, where: string): Raw {
  const spec = patch['spec'];
  const others = [
    ...Object.keys(patch).filter((key) => key !== 'spec'),
    ...(isObject(spec)
      ? Object.keys(spec)
          .filter((key) => key !== 'template')
          .map((key) => `spec.${key}`)
      : []),
  ];
  if (others.length > 0) throw new UsageError(`${where} changes ${others.join(', ')}: a rollout changes spec.template only`);
  if (!isObject(spec) || !isObject(spec['template'])) throw new UsageError(`${where} has no spec.template`);
  return patch;
}

function checkedManifest(manifest: Raw, where: string, name: string): Raw {
  const metadata = manifest['metadata'];
  if (manifest['kind'] !== 'StatefulSet' || !isObject(metadata)) throw new UsageError(`${where} is not the manifest of a StatefulSet`);
  if (metadata['name'] !== name) throw new UsageError(`${where} is the manifest of ${String(metadata['name'])}, not of ${name}`);
  const spec = manifest['spec'];
  if (!isObject(spec) || !isObject(spec['template'])) throw new UsageError(`${where} has no spec.template`);
  return { spec };
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
