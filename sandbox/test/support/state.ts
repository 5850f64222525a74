import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A state root of the test file's own: sandboxes that people use are not seen by it, nor it by them. */
export function ownStateRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'sts-sbx-'));
  process.env.STS_SAFE_SANDBOX_STATE = root;
  afterAll(() => {
    delete process.env.STS_SAFE_SANDBOX_STATE;
    rmSync(root, { recursive: true, force: true });
  });
  return root;
}

/** The processes whose command lines mention a path: all components of a sandbox and its supervisor do. */
export function processesOf(path: string): string[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return listing.split('\n').filter((line) => line.includes(path) && !line.includes('ps -eo'));
}
