// Terraform as a program: where it and the provider lie, and a working folder with its settings. The
// provider comes from a folder (dev_overrides), so that nothing is asked of a registry and no `init` is
// needed. No setting of the machine's own Terraform is read or changed.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const PIN = /terraform-provider-alicloud (v[\d.]+)/;
const COMMAND_DEADLINE_MS = 12 * 60_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export interface Programs {
  terraform: string;
  terraformVersion: string;
  /** Holds the provider's executable. */
  providerFolder: string;
  providerVersion: string;
}

/** What a committed configuration pins: `v1.214.0`. */
export const pinnedVersion = (): string =>
  PIN.exec(readFileSync(new URL('provider/go.mod', import.meta.url), 'utf8'))?.[1] ?? '';

const versionOf = (program: string): string | undefined => {
  const { stdout } = spawnSync(program, ['version', '-json'], { encoding: 'utf8' });
  if (!stdout) return undefined;
  return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
};

/** Both programs, or what is missing. `build.sh` puts them into the cache. */
export const findPrograms = (): Programs | string => {
  const cache =
    process.env.KINDRED_TEST_CONFORMANCE_CACHE ?? join(homedir(), '.cache/kindred-conformance');
  const providerFolder = join(cache, 'terraform');
  const providerVersion = pinnedVersion();
  if (!existsSync(join(providerFolder, `terraform-provider-alicloud_${providerVersion}`)))
    return `the alicloud provider ${providerVersion} is not built: npm run conformance:terraform`;
  const named = process.env.KINDRED_TEST_TERRAFORM;
  for (const terraform of named ? [named] : ['terraform', join(providerFolder, 'terraform')]) {
    const terraformVersion = versionOf(terraform);
    if (terraformVersion) return { terraform, terraformVersion, providerFolder, providerVersion };
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
  const override = `dev_overrides { "aliyun/alicloud" = ${JSON.stringify(programs.providerFolder)} }`;
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
