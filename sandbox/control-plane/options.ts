import type { Binaries } from '../build/binaries.ts';
import type { RealParts } from '../real/parts.ts';
import type { ProfileName } from './profile.ts';

/** What a supervisor is started with: STATE/options.json. */
export interface BootOptions {
  name: string;
  nodes: number;
  minor: string;
  profile: ProfileName;
  /** Requests a second that each controller may send; its burst is twice that. */
  controllerQps: number;
  lifetime: 'owned' | 'detached';
  binaries: Binaries;
  /** What real nodes are made of; without it they are played by KWOK. */
  real?: RealParts;
}

export const defaults = { nodes: 3, profile: 'calm', controllerQps: 200 } as const;

/** Node addresses are 192.0.2.10 and up, and every one takes about 60 MB. */
export const maximumNodes = 50;
