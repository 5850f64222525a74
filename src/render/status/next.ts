import type { SetStatus } from '../../inspect/status/model.ts';
import { commandLine, type Place } from '../../plan/commandline.ts';
import { sortFindings } from '../finding.ts';

/** The command that doctor prints first, for a set that is not well; what is archived says itself how it comes back. */
export function nextCommand({ health, findings, archive }: SetStatus, place: Place): string | undefined {
  const remedy = sortFindings(findings)[0]?.remedies[0];
  if (remedy === undefined || archive !== undefined || health === 'Healthy' || health === 'ScaledToZero') return undefined;
  return commandLine(remedy, place);
}
