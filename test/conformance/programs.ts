// Programs that a machine may lack. What needs one is skipped with a line that names it; under CI=true
// only what skips.json lists may be.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A skip that CI accepts, with the whole name of the test. */
interface AllowedSkip {
  test: string;
  reason: string;
  date: string;
}

const allowed = JSON.parse(
  readFileSync(new URL('skips.json', import.meta.url), 'utf8'),
) as AllowedSkip[];

/** The reason as the `skip` of a test; throws under CI=true when the skip is not allowed. */
export const skipOrFail = (name: string, why: string): string => {
  if (process.env.CI === 'true' && !allowed.some(({ test }) => test === name))
    throw new Error(`${name} may not be skipped in CI (test/conformance/skips.json): ${why}`);
  return why;
};

/** As setup-python.sh pins them. */
export const PYTHON_CLIENTS = {
  tea: { client: 'Python SDK', version: '7.11.8' },
  legacy: { client: 'Python SDK, legacy', version: '4.24.83' },
} as const;

/** The Python in which `setup-python.sh` installed the clients. */
export const findPython = (): string | undefined => {
  const cache =
    process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance');
  const python = join(cache, 'python/bin/python');
  if (!existsSync(python)) return undefined;
  const packages = 'import alibabacloud_ecs20140526, aliyunsdkcore, aliyunsdkecs';
  return spawnSync(python, ['-c', packages]).status === 0 ? python : undefined;
};

export const findProgram = (name: string, args: readonly string[]): string | undefined =>
  spawnSync(name, args).error === undefined ? name : undefined;
