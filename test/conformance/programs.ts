// Programs that a machine may lack. What needs one is skipped with a line that names it; under CI=true
// only what skips.json lists may be.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** As go/go.mod pins them. */
export const GO_CLIENTS = {
  tea: { client: 'Go SDK', version: '7.7.0' },
  legacy: { client: 'Go SDK, legacy', version: '1.63.107' },
} as const;

/** Of Debian's package python3-libcloud. */
export const LIBCLOUD = { client: 'Apache libcloud', version: '3.4.1' } as const;

/** As setup-img-utils.sh pins it. */
export const IMG_UTILS = { client: 'aliyun-img-utils', version: '2.6.0' } as const;

/** Where the set-up scripts leave what they installed and built. */
const cached = (path: string): string =>
  join(
    process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance'),
    path,
  );

/** The Python in which `setup-python.sh` installed the clients. */
export const findPython = (): string | undefined => {
  const python = cached('python/bin/python');
  if (!existsSync(python)) return undefined;
  const packages = 'import alibabacloud_ecs20140526, aliyunsdkcore, aliyunsdkecs';
  return spawnSync(python, ['-c', packages]).status === 0 ? python : undefined;
};

/** The driver that `setup-go.sh` built of the sources as they are now. */
export const findGoDriver = (): string | undefined => {
  const folder = fileURLToPath(new URL('go', import.meta.url));
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum', ...globSync('*.go', { cwd: folder }).toSorted()])
    hash.update(readFileSync(join(folder, name)));
  const driver = cached(`go/driver-${hash.digest('hex').slice(0, 12)}`);
  return existsSync(driver) ? driver : undefined;
};

/** The system's Python, for which Debian packages libcloud, if it has that version. */
export const findLibcloud = (): string | undefined => {
  const ask = `import libcloud; assert libcloud.__version__ == '${LIBCLOUD.version}'`;
  return ['/usr/bin/python3', 'python3'].find(
    (python) => spawnSync(python, ['-c', ask]).status === 0,
  );
};

export const findImgUtils = (): string | undefined => {
  const program = cached('img-utils/bin/aliyun-img-utils');
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return stdout?.includes(IMG_UTILS.version) ? program : undefined;
};

export const findProgram = (name: string, args: readonly string[]): string | undefined =>
  spawnSync(name, args).error === undefined ? name : undefined;
