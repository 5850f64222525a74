import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { list, text } from '../../cli/flag.ts';
import { objectIn, objectInFile } from '../../cli/object-file.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';
import type { Session } from '../../cli/session.ts';
import { UsageError } from '../../domain/errors.ts';
import { faultOfManifest, faultOfPatch } from '../../operations/rollout/options.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Where the new Pod template comes from. */
const templateFlags = ['image', 'patch', 'patch-file', 'filename'];

export class RolloutStart extends ChangeCommand {
  static override summary = 'Update the Pods of a StatefulSet one at a time, as a canary';
  static override description =
    `Sets the new Pod template together with a partition that holds every Pod, then lowers the partition by one Pod at a time, highest ordinal first. The next Pod follows when the new one is of the new revision, Ready, Available, and has stayed so without a restart for --soak. No Pod is updated while another one is unavailable. A StatefulSet with OnDelete has RollingUpdate until the rollout is complete. Ctrl-C, a lost connection or --pause-at leave the remaining Pods on their revision. "rollout resume" continues from any machine, "cancel" restores the saved Pod template.`;
  static override usage = 'NAME --image CONTAINER=IMAGE';
  static override examples = [
    {
      description: 'A new image, in three steps, each Pod watched for two minutes',
      command: 'kubectl sts-safe rollout start db --image db=mongo:8.1 --steps 1,50%,100% --soak 2m',
    },
    {
      description: 'See what changes, and which Pod is updated in which step',
      command: 'kubectl sts-safe rollout start db --image db=mongo:8.1 --dry-run',
    },
    {
      description: 'Continue only when each updated Pod serves',
      command: 'kubectl sts-safe rollout start db --image db=mongo:8.1 --gate http:8080/healthz --gate-timeout 10m',
    },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    image: list({
      exactlyOne: templateFlags,
      commas: true,
      helpValue: 'CONTAINER=IMAGE',
      description: 'New image of a container; * is every container.',
    }),
    patch: text({ exactlyOne: templateFlags, helpValue: 'PATCH', description: 'Strategic merge patch of spec.template.' }),
    'patch-file': text({ exactlyOne: templateFlags, file: true, helpValue: 'FILE', description: 'The same from a file.' }),
    filename: text({
      exactlyOne: templateFlags,
      char: 'f',
      file: true,
      helpValue: 'FILE',
      description: 'Manifest to take the Pod template from.',
    }),
    ...paceFlags,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutStart);
    const { name } = args;
    const edit = await editOf(name, flags, this.session);
    return this.change({ operation: 'rollout start', name, options: { ...edit, ...paceOf(flags) } }, flags);
  }
}

interface EditFlags {
  readonly image?: readonly string[] | undefined;
  readonly patch?: string | undefined;
  readonly 'patch-file'?: string | undefined;
  readonly filename?: string | undefined;
}

async function editOf(
  name: string,
  { image, patch, 'patch-file': patchFile, filename }: EditFlags,
  session: Pick<Session, 'readFile'>,
): Promise<Raw> {
  if (image !== undefined) return { image: image.map(checkedImage) };
  if (patch !== undefined) return { patch: checkedPatch(await objectIn(patch, '--patch'), '--patch') };
  if (patchFile !== undefined) return { patch: checkedPatch(await objectInFile(patchFile, session), patchFile) };
  const file = filename ?? '';
  return { manifest: checkedManifest(await objectInFile(file, session), file, name) };
}

function checkedImage(image: string): string {
  const at = image.indexOf('=');
  if (at > 0 && at < image.length - 1) return image;
  throw new UsageError(`invalid value "${image}" for --image`, 'write --image CONTAINER=IMAGE');
}

function checkedPatch(patch: Raw, where: string): Raw {
  const fault = faultOfPatch(patch);
  if (fault !== undefined) throw new UsageError(`${where} ${fault}`);
  return patch;
}

function checkedManifest(manifest: Raw, where: string, name: string): Raw {
  const fault = manifest['kind'] === undefined ? 'is not the manifest of a StatefulSet' : faultOfManifest(manifest, name);
  if (fault !== undefined) throw new UsageError(`${where} ${fault}`);
  return { spec: manifest['spec'] };
}
