import { ensureBinaries } from '../build/binaries.ts';
import { defaultMinor } from '../build/modules.ts';
import type { Reporter } from '../build/reporter.ts';
import { type BootOptions, defaults, maximumNodes } from '../control-plane/options.ts';
import { profileNames } from '../control-plane/profile.ts';
import { whileHolding } from '../host/claim.ts';
import { defaultName, type Folder, folderOf, makePrivate, stateRoot } from '../host/folder.ts';
import { maximumRealNodes } from '../real/addresses.ts';
import { ensureParts } from '../real/ensure.ts';
import { whyNotReal } from '../real/host.ts';
import { command, statusOf } from './control.ts';
import { handleOf } from './handle.ts';
import { launch } from './launch.ts';
import { remove } from './sweep.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

/** What `up` did: started one, or found it there. */
export interface Started {
  sandbox: Sandbox;
  /** Absent if it was up already. */
  bootMs?: number;
}

export async function start(wanted: SandboxOptions, report: Reporter): Promise<Started> {
  const folder = folderOf(wanted.name ?? defaultName);
  validate(wanted);
  if (wanted.real) demandReal();
  makePrivate(stateRoot());
  const existing = await connectTo(folder);
  if (existing) return same(existing, wanted);
  const options = await complete(wanted, folder.name, report);
  const waiting = () => report.line(`waiting for another process that is starting "${folder.name}"`);
  return whileHolding(folder.lock, waiting, async () => {
    const other = await connectTo(folder);
    if (other) return same(other, wanted);
    await remove(folder);
    const bootMs = await launch(options, folder, report);
    const sandbox = await connectTo(folder);
    if (!sandbox) throw new Error(`The sandbox "${folder.name}" ended as soon as it was up.`);
    return { sandbox, bootMs };
  });
}

/** The sandbox that is up already will do, unless its nodes are of the other kind. */
async function same(sandbox: Sandbox, { real = false }: SandboxOptions): Promise<Started> {
  const isReal = (await sandbox.status()).options.real !== undefined;
  if (real && !isReal) {
    throw new Error(`The sandbox "${sandbox.name}" is up, and its nodes are played: end it with down first, or take another --name.`);
  }
  return { sandbox };
}

/** A handle on a sandbox that is up, after its boot if that is still going on; undefined if there is none. */
export async function connectTo(folder: Folder): Promise<Sandbox | undefined> {
  const status = await statusOf(folder);
  if (!status || status.phase === 'failed' || status.phase === 'ending') return undefined;
  if (status.phase === 'booting') await command(folder, 'GET', '/booted');
  return handleOf(folder, status);
}

function validate(wanted: SandboxOptions): void {
  const { nodes = defaults.nodes, profile = defaults.profile, controllerQps = defaults.controllerQps } = wanted;
  const maximum = wanted.real ? maximumRealNodes : maximumNodes;
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > maximum) throw new Error(`nodes must be 1 to ${maximum}, not ${nodes}.`);
  if (!profileNames.includes(profile)) throw new Error(`profile must be ${profileNames.join(', ')}, not ${profile}.`);
  if (!(controllerQps > 0)) throw new Error(`controllerQps must be above 0, not ${controllerQps}.`);
}

function demandReal(): void {
  const problem = whyNotReal(stateRoot());
  if (problem) throw new Error(problem);
}

async function complete(wanted: SandboxOptions, name: string, report: Reporter): Promise<BootOptions> {
  const minor = wanted.minor ?? defaultMinor;
  return {
    name,
    minor,
    nodes: wanted.nodes ?? defaults.nodes,
    profile: wanted.profile ?? defaults.profile,
    controllerQps: wanted.controllerQps ?? defaults.controllerQps,
    lifetime: wanted.lifetime,
    binaries: await ensureBinaries(report, minor),
    ...(wanted.real ? { real: await ensureParts(report, minor) } : {}),
  };
}
