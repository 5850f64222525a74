import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { cgroupProblem, whyNotReal } from '../../real/host.ts';
import { describeReal } from '../support/real.ts';

const run = promisify(execFile);

it('has one sentence for a machine whose cgroups will not do', () => {
  const version1 = '3:memory:/a\n2:cpu,cpuacct:/\n1:pids:/\n0::/';
  expect(cgroupProblem(version1, '')).toBeUndefined();
  expect(cgroupProblem('2:cpu,cpuacct:/\n1:pids:/\n', '')).toBe(
    'Real nodes need the cgroup controllers memory, which this kernel has not mounted: use the sandbox without --real, or another machine.',
  );
  expect(cgroupProblem('0::/user.slice', 'cpuset cpu io memory pids\n')).toBeUndefined();
  expect(cgroupProblem('0::/', 'cpu')).toContain('echo "+memory +pids" > /sys/fs/cgroup/cgroup.subtree_control');
});

it.skipIf(process.platform === 'linux')('says that real nodes need Linux', () => {
  expect(whyNotReal('/tmp')).toContain('Real nodes need Linux');
});

describeReal('up --real', () => {
  it('is refused where its state would be hidden from the nodes', () => {
    expect(whyNotReal('/var/tmp/x')).toContain('set STS_SAFE_SANDBOX_STATE to another folder');
    expect(whyNotReal('/running')).toBeUndefined();
  });

  it('is refused to anybody but root, in one sentence, with exit code 1', async () => {
    const host = join(import.meta.dirname, '..', '..', 'real', 'host.ts');
    const asked = `import { whyNotReal } from ${JSON.stringify(host)}; process.setuid(65534); console.log(whyNotReal('/tmp'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', asked]);
    expect(stdout).toBe(
      'Real nodes need root, for namespaces and mounts: run it as root, or use the sandbox without --real, whose nodes are played by KWOK.\n',
    );
  });

  it('takes no more nodes than there are addresses', async () => {
    const cli = join(import.meta.dirname, '..', '..', 'cli.ts');
    await expect(run(process.execPath, [cli, 'up', '--real', '--nodes', '11', '--name', 'many'])).rejects.toMatchObject({
      code: 1,
      stderr: 'nodes must be 1 to 10, not 11.\n',
    });
  });
});
