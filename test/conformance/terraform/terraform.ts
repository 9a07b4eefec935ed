// Terraform as a program: where it and the provider lie, and a working folder with its settings. The
// provider comes from a folder (dev_overrides), so that nothing is asked of a registry and no `init` is
// needed. No setting of the machine's own Terraform is read or changed.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const PIN = /terraform-provider-alicloud (v[\d.]+)/;
/** As the archives of its releases call it, and `build.sh`. */
const PROVIDER_FILE = /^terraform-provider-alicloud_(v\d+\.\d+\.\d+)(_x\d+)?(\.exe)?$/;
const COMMAND_DEADLINE_MS = 12 * 60_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export interface Programs {
  terraform: string;
  terraformVersion: string;
  /** The provider's executable. */
  provider: string;
  /** `v1.214.0` */
  providerVersion: string;
}

/** What the committed go.mod pins, and `build.sh` builds: `v1.214.0`. */
export const pinnedVersion = (): string =>
  PIN.exec(readFileSync(new URL('provider/go.mod', import.meta.url), 'utf8'))?.[1] ?? '';

const versionOf = (program: string): string | undefined => {
  const { stdout } = spawnSync(program, ['version', '-json'], { encoding: 'utf8' });
  if (!stdout) return undefined;
  return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
};

/** Whether `version` is `least` or newer; both as `v1.214.0` or `1.214.0`. */
export const isAtLeast = (version: string, least: string): boolean => {
  const parts = (text: string) => text.replace(/^v/, '').split('.').map(Number);
  const [own, wanted] = [parts(version), parts(least)];
  const at = wanted.findIndex((part, i) => part !== own[i]);
  return at === -1 || (own[at] ?? 0) > wanted[at]!;
};

type Provider = Pick<Programs, 'provider' | 'providerVersion'>;

/**
 * The provider that KINDRED_TEST_TERRAFORM_PROVIDER names. Its version is that of the file's name, since
 * the program itself does not tell it.
 * @throws with what to do, when the file is not there, is no program, or is called otherwise
 */
export const namedProvider = (named: string): Provider => {
  const provider = resolve(named);
  const providerVersion = PROVIDER_FILE.exec(basename(provider))?.[1];
  if (providerVersion === undefined)
    throw new Error(
      `KINDRED_TEST_TERRAFORM_PROVIDER names ${named}; it is to name an executable that is called as in the archive of its release, terraform-provider-alicloud_v1.262.1, from which its version is known`,
    );
  try {
    accessSync(provider, constants.X_OK);
  } catch {
    throw new Error(
      `KINDRED_TEST_TERRAFORM_PROVIDER names ${named}, which is no file that can be executed`,
    );
  }
  return { provider, providerVersion };
};

/** The named provider, or the one that `build.sh` put into the cache, or what is missing. */
const findProvider = (cache: string): Provider | string => {
  const named = process.env.KINDRED_TEST_TERRAFORM_PROVIDER;
  if (named) return namedProvider(named);
  const providerVersion = pinnedVersion();
  const provider = join(cache, `terraform-provider-alicloud_${providerVersion}`);
  return existsSync(provider)
    ? { provider, providerVersion }
    : `the alicloud provider ${providerVersion} is not built: npm run conformance:terraform`;
};

/** Both programs, or what is missing. `build.sh` puts into the cache what is not named. */
export const findPrograms = (): Programs | string => {
  const cache = join(
    process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance'),
    'terraform',
  );
  const provider = findProvider(cache);
  if (typeof provider === 'string') return provider;
  const named = process.env.KINDRED_TEST_TERRAFORM;
  for (const terraform of named ? [named] : ['terraform', join(cache, 'terraform')]) {
    const terraformVersion = versionOf(terraform);
    if (terraformVersion) return { terraform, terraformVersion, ...provider };
  }
  return 'no terraform on the path or in KINDRED_TEST_TERRAFORM: npm run conformance:terraform';
};

/** A resource or a data source as `terraform show -json` tells it. */
export interface Resource {
  address: string;
  values: Readonly<Record<string, unknown>>;
}

interface Shown {
  values?: { root_module?: { resources?: Resource[] } };
}

export interface Workspace {
  apply(variables: object): Promise<void>;
  /** Fails, with the plan, unless nothing is to be done. */
  planIsEmpty(): Promise<void>;
  state(file?: string): Promise<Map<string, Resource['values']>>;
  /** Imports into a state of its own, and gives what was imported. */
  import(address: string, id: string): Promise<Resource['values']>;
  destroy(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** Exit codes that are answers; the output of any other is thrown. */
const runIn =
  (folder: string, programs: Programs, env: Environment) =>
  (args: readonly string[], good: readonly number[] = [0]): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = {
        cwd: folder,
        env,
        timeout: COMMAND_DEADLINE_MS,
        maxBuffer: MAX_OUTPUT_BYTES,
      };
      execFile(programs.terraform, [...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        if (good.includes(code)) resolve(stdout);
        else reject(new Error(`terraform ${args[0]} ended with ${code}\n${stdout}\n${stderr}`));
      });
    });

export const workspace = (
  t: { after(fn: () => void): void },
  programs: Programs,
  /** The scenario's main.tf, and the text of the provider's block as JSON. */
  files: { main: string; provider: string },
  env: Environment = {},
): Workspace => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-terraform-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(files.main, join(folder, 'main.tf'));
  writeFileSync(join(folder, 'provider.tf.json'), files.provider);
  // In a folder of its own: Terraform takes the first that fits of those that lie beside it.
  const providers = join(folder, 'providers');
  mkdirSync(providers);
  symlinkSync(programs.provider, join(providers, basename(programs.provider)));
  const override = `dev_overrides { "aliyun/alicloud" = ${JSON.stringify(providers)} }`;
  writeFileSync(join(folder, 'cli.tfrc'), `provider_installation {\n  ${override}\n}\n`);
  const run = runIn(folder, programs, {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'),
    CHECKPOINT_DISABLE: '1',
    NO_PROXY: '127.0.0.1',
    ...env,
  });
  const plain = ['-input=false', '-no-color'];
  const state: Workspace['state'] = async (file = 'terraform.tfstate') => {
    const shown = JSON.parse(await run(['show', '-json', file])) as Shown;
    const resources = shown.values?.root_module?.resources ?? [];
    return new Map(resources.map(({ address, values }) => [address, values]));
  };
  return {
    async apply(variables) {
      writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(variables));
      await run(['apply', '-auto-approve', ...plain]);
    },
    async planIsEmpty() {
      const plan = await run(['plan', '-detailed-exitcode', ...plain], [0, 2]);
      assert.match(plan, /No changes\. Your infrastructure matches the configuration\./, plan);
    },
    state,
    async import(address, id) {
      await run(['import', '-state=imported.tfstate', ...plain, address, id]);
      const values = (await state('imported.tfstate')).get(address);
      assert.ok(values, `${address} was not imported`);
      return values;
    },
    async destroy() {
      await run(['destroy', '-auto-approve', ...plain]);
      assert.equal((await state()).size, 0);
    },
  };
};
