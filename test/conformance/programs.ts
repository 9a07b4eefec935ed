// Programs that a machine may lack. What needs one is skipped with a line that names it; under CI=true
// only what skips.json lists may be.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
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

/** As go/go.mod pins them. */
export const GO_CLIENTS = {
  tea: { client: 'Go SDK', version: '7.7.0' },
  legacy: { client: 'Go SDK, legacy', version: '1.63.107' },
} as const;

/** As go-oss/go.mod pins them. */
export const GO_OSS_CLIENTS = {
  old: { client: 'Go SDK of OSS', version: '3.0.2' },
  new: { client: 'Go SDK of OSS, v2', version: '1.6.1' },
} as const;

/** Of Debian's package python3-libcloud. */
export const LIBCLOUD = { client: 'Apache libcloud', version: '3.4.1' } as const;
export const LIBCLOUD_DRIVER = join(import.meta.dirname, 'libcloud_driver.py');

/** As setup-img-utils.sh pins them. */
export const OSS2 = { client: 'oss2', version: '2.19.1' } as const;
export const IMG_UTILS = { client: 'aliyun-img-utils', version: '2.6.0' } as const;

/** Debian's, with the builder built in, and the one that setup-packer.sh builds. */
export const PACKERS = {
  debian: { client: 'Packer', version: '1.6.6' },
  plugin: { client: 'Packer', version: '1.9.4 with packer-plugin-alicloud 1.1.2' },
} as const;

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

/** The same Python, if tuspy is there too. */
export const findTuspy = (): string | undefined => {
  const python = cached('python/bin/python');
  return existsSync(python) && spawnSync(python, ['-c', 'import tusclient']).status === 0
    ? python
    : undefined;
};

/** The same Python, if pytest and pytest-xdist are there too. */
export const findPytest = (): string | undefined => {
  const python = findPython();
  if (python === undefined) return undefined;
  return spawnSync(python, ['-c', 'import pytest, xdist']).status === 0 ? python : undefined;
};

/** The module to start, as `setup-vitest.sh` installed it. */
export const findVitest = (): string | undefined =>
  ifThere(cached('vitest/node_modules/vitest/vitest.mjs'));

/** By which a script names what it built of these files: another text, another build. */
const hashOf = (paths: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(new URL(path, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
};

const ifThere = (path: string): string | undefined => (existsSync(path) ? path : undefined);

/** The driver that `setup-go.sh` built of the sources as they are now: of ECS, or of OSS. */
export const findGoDriver = (folder: 'go' | 'go-oss' = 'go'): string | undefined => {
  const sources = globSync(`${folder}/*.go`, { cwd: import.meta.dirname }).toSorted();
  const all = [`${folder}/go.mod`, `${folder}/go.sum`, ...sources];
  return ifThere(cached(`${folder}/driver-${hashOf(all)}`));
};

/** Go itself, if `setup-go.sh` fetched and compiled what the example test needs. */
export const findGoForExample = (): string | undefined => {
  const example = '../../examples/testing/go';
  if (!existsSync(cached(`go-example/${hashOf([`${example}/go.mod`, `${example}/go.sum`])}`)))
    return undefined;
  return ['go', '/usr/local/go/bin/go'].find((path) => findProgram(path, ['version']));
};

/** The last Packer that has the builder of Alibaba Cloud built in. */
export const findPacker = (): string | undefined => {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  const { stdout } = spawnSync('packer', ['version'], { encoding: 'utf8', env });
  return stdout?.includes(`v${PACKERS.debian.version}`) ? 'packer' : undefined;
};

/** The Packer that `setup-packer.sh` built; its plugin lies beside it. */
export const findPackerWithPlugin = (): string | undefined => {
  const pins = ['core/go.mod', 'core/go.sum', 'plugin/go.mod', 'plugin/go.sum'];
  return ifThere(cached(`packer-${hashOf(pins.map((pin) => `packer/${pin}`))}/packer`));
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

/** The `aliyun` command, wherever it came from; `oss` of it is ossutil. */
export const findAliyun = (): { program: string; version: string } | undefined => {
  const program = process.env.KINDRED_TEST_ALIYUN_CLI ?? 'aliyun';
  const { stdout } = spawnSync(program, ['version'], { encoding: 'utf8' });
  const version = stdout?.trim() ?? '';
  return /^\d+\.\d+\.\d+/.test(version) ? { program, version } : undefined;
};
