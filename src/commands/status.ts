import { atMostOne } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { connectionFlags, readingFlags } from '../cli/flags.ts';
import { setNames } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import type { StatusRequest } from '../cli/session.ts';
import { UsageError } from '../domain/errors.ts';

export const status = defineCommand({
  id: 'status',
  summary: 'Show how StatefulSets really are',
  description: `One line a set; with one NAME a tree of members, Pods, claims and endpoints, and what was found. Verdicts: healthy, progressing, interrupted (an operation of this program stopped part-way: see operations), held (partition or pause: somebody's choice), stuck (the controller will not act again without help), degraded, parked (scaled to 0), deleting, set-absent.

Ends with 0 whatever it shows, except with --wait: 0 when it holds, 5 when it never will, 4 when the time is up, 1 when there is no set to wait for.`,
  usage: '[NAME...]',
  examples: [
    { what: 'All sets of the namespace', line: 'status' },
    { what: 'One set with its members, claims and findings', line: 'status web -n prod' },
    { what: 'Follow it', line: 'status web -w' },
    { what: 'In a pipeline: wait until every member runs the new revision', line: 'status web --wait --for updated --timeout 10m' },
  ],
  flags: {
    selector: { kind: 'string', short: 'l', value: 'SELECTOR', help: 'Only sets with these labels.', group: 'OPTIONS' },
    watch: { kind: 'bool', short: 'w', help: 'Go on showing every change.', group: 'OPTIONS' },
    wait: { kind: 'bool', help: 'Wait until it holds, then end.', group: 'OPTIONS' },
    for: {
      kind: 'string',
      oneOf: ['healthy', 'updated', 'scaled'],
      otherwise: 'healthy',
      help: 'What to wait for.',
      group: 'OPTIONS',
    },
    timeout: { kind: 'duration', value: 'TIME', otherwise: 'no limit', help: 'Longest wait, such as 10m.', group: 'LIMITS' },
    ...readingFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  light: true,
  run({ args, flags }, session) {
    const names = setNames(args);
    refuseContradictions(names, flags);
    const request: StatusRequest = {
      names,
      allNamespaces: flags['all-namespaces'] ?? false,
      watch: flags.watch ?? false,
      ...(flags.selector ? { selector: flags.selector } : {}),
      ...(flags.wait ? { waitFor: flags.for ?? 'healthy' } : {}),
      ...(flags.timeout ? { timeoutMs: flags.timeout } : {}),
    };
    return session.status(request, outputChoice(flags), flags);
  },
});

function refuseContradictions(names: readonly string[], flags: Readonly<Record<string, unknown>>): void {
  if (names.length > 0 && flags['all-namespaces'] === true) {
    throw new UsageError('a name has one namespace: NAME and --all-namespaces do not go together', 'use -n NAMESPACE');
  }
  if (names.length > 0 && flags['selector'] !== undefined)
    throw new UsageError('NAME and --selector do not go together', 'leave one of them out');
  atMostOne(flags, 'watch', 'wait');
  if (flags['wait'] === true) return;
  for (const name of ['for', 'timeout']) {
    if (flags[name] !== undefined) throw new UsageError(`--${name} is about a wait`, 'add --wait');
  }
}
