import { readFileSync } from 'node:fs';
import { CoreDns } from '../../test/support/coredns.ts';
import { userEnvironment } from '../../test/support/plugin.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Laboratory, Place } from '../laboratory.ts';
import { run } from '../process.ts';
import type { Result } from '../result.ts';
import { interleaved, median } from '../samples.ts';

const LIMIT = 4;
const LIMIT_OF_LARGE_MS = 1000;
const [FEW, MANY] = [3, 300];
const ROUNDS = { quick: 3, full: 31 };
const RUNS = { quick: 10, full: 100 };

/**
 * What it costs to ask the API server and DNS. The Pods of the sandbox are nowhere, so CoreDNS stands beside the cluster: a
 * port-forward adds the handshake of one WebSocket.
 */
export const peers: Benchmark = {
  name: 'peers',
  about: `peers of ${FEW} and of ${MANY} Pods against kubectl get endpointslices, and the sockets that are left`,
  async measure(lab, { quick }) {
    const size = quick ? 2 * FEW : MANY;
    const dns = await CoreDns.start(lab.cluster.kubeconfig, lab.cluster.dir);
    const [few, many] = [await placeOf(FEW, lab), await placeOf(size, lab)];
    try {
      const effort = quick ? 'quick' : 'full';
      return [...(await times([few, many], size, dns, ROUNDS[effort])), await sockets(few, dns, RUNS[effort])];
    } finally {
      few.close();
      many.close();
      await dns.stop();
    }
  },
};

async function placeOf(replicas: number, lab: Laboratory): Promise<Place> {
  const place = await lab.place();
  await place.make({ replicas, policy: 'Parallel' });
  return place;
}

async function look({ lab, namespace, kubeconfig }: Place, { server }: CoreDns): Promise<number> {
  const env = userEnvironment(lab.cluster, { kubeconfig });
  return (await run(lab.cluster.kubectl, ['sts-safe', 'peers', 'web', '--check', '-n', namespace, '--dns-server', server], env)).ms;
}

async function times([few, many]: readonly [Place, Place], size: number, dns: CoreDns, rounds: number): Promise<readonly Result[]> {
  const measures = {
    kubectl: async () => (await few.kubectl('get', 'endpointslices')).ms,
    few: () => look(few, dns),
    many: () => look(many, dns),
  };
  await interleaved(2, measures);
  const samples = await interleaved(rounds, measures);
  const [kubectl, small, large] = [median(samples.kubectl), median(samples.few), median(samples.many)];
  return [
    {
      what: `peers of ${FEW} Pods: against kubectl get endpointslices`,
      unit: '×',
      value: small / kubectl,
      limit: LIMIT,
      from: `${small.toFixed(0)} ms against ${kubectl.toFixed(0)} ms`,
      samples: { kubectl: samples.kubectl, few: samples.few },
    },
    {
      what: `peers of ${size} Pods: more than of ${FEW}`,
      unit: 'ms',
      value: large - small,
      limit: LIMIT_OF_LARGE_MS,
      from: `${large.toFixed(0)} ms against ${small.toFixed(0)} ms`,
      samples: { many: samples.many },
    },
  ];
}

/** Connections that the DNS server and the API server still hold after so many runs, although their client has ended. */
async function sockets(place: Place, dns: CoreDns, runs: number): Promise<Result> {
  const ports = [dns.port, Number(new URL(place.lab.cluster.api).port)];
  const before = leftAt(ports);
  for (let left = runs; left > 0; left -= 1) await look(place, dns);
  const value = [...leftAt(ports).difference(before)].length;
  return { what: `Sockets left after ${runs} runs of peers`, unit: 'sockets', value, limit: 0, from: `${before.size} before` };
}

/** States of the kernel's table: a connection, one that has ended at both sides and is only remembered, and no connection. */
const [ESTABLISHED, TIME_WAIT, LISTEN] = ['01', '06', '0A'];

/** Connections at these ports whose other end, which is on this machine too, is gone: by the two ports. Linux only. */
function leftAt(ports: readonly number[]): ReadonlySet<string> {
  const wanted = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')));
  const lines = ['tcp', 'tcp6'].flatMap((file) => readFileSync(`/proc/net/${file}`, 'utf8').trim().split('\n').slice(1));
  const rows = lines.map((line) => {
    const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/);
    return { own: local.slice(-4), other: remote.slice(-4), state };
  });
  const clients = new Set(rows.filter(({ state }) => state === ESTABLISHED).map(({ own, other }) => `${other} ${own}`));
  const held = rows.filter(({ own, state }) => wanted.has(own) && state !== TIME_WAIT && state !== LISTEN);
  return new Set(held.map(({ own, other }) => `${own} ${other}`)).difference(clients);
}
