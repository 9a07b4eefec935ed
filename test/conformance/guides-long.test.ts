// The examples of docs/guide/clients, each as its page says: under `kindred run`, by the real client, in a
// folder of its own with a home of its own. That the pages show these files is checked by test/repo.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Scope } from '../../src/testing/server.ts';
import {
  findAliyun,
  findGoDriver,
  findPacker,
  findProgram,
  findPython,
  skipOrFail,
} from './programs.ts';
import { findPrograms } from './terraform/terraform.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples/clients');
const EXPECTED = readFileSync(join(EXAMPLES, 'expected.txt'), 'utf8');
const DEADLINE_MS = 180_000;

interface Folder {
  path: string;
  /** Runs `kindred run <options> -- <command>` there. @throws with all output, unless it ends with 0 */
  run(options: readonly string[], command: readonly string[]): Promise<string>;
}

/** A copy of the client's example with the seed beside it; `kindred` and `programs` are on the path. */
const example = (
  t: Scope,
  client: string,
  programs: Readonly<Record<string, string>> = {},
): Folder => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-guide-'));
  t.after(async () => rmSync(home, { recursive: true, force: true }));
  const [path, bin] = [join(home, 'example'), join(home, 'bin')];
  cpSync(join(EXAMPLES, client), path, { recursive: true });
  cpSync(join(EXAMPLES, 'seed.json'), join(path, 'seed.json'));
  mkdirSync(bin);
  const kindred = `exec "${process.execPath}" "${join(ROOT, 'bin/kindred.js')}" "$@"`;
  writeFileSync(join(bin, 'kindred'), `#!/bin/sh\n${kindred}\n`, { mode: 0o755 });
  for (const [name, program] of Object.entries(programs)) symlinkSync(program, join(bin, name));
  const env = {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: join(home, 'cli.tfrc'),
  };
  return {
    path,
    run: async (options, command) => {
      const args = ['run', '--offline', ...options, '--', ...command];
      const running = promisify(execFile)(join(bin, 'kindred'), args, {
        cwd: path,
        env,
        timeout: DEADLINE_MS,
      });
      return running.then(
        ({ stdout }) => stdout,
        ({ stdout, stderr }: { stdout: string; stderr: string }) => {
          throw new Error(`${stdout}\n${stderr}`);
        },
      );
    },
  };
};

const SEEDED = ['--seed', 'seed.json'];
const unless = (name: string, isThere: boolean, why: string): string | false =>
  !isThere && skipOrFail(name, why);

test('the example of Node.js', async (t) => {
  const { path, run } = example(t, 'node');
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  assert.equal(await run(SEEDED, ['node', 'family.mjs']), EXPECTED);
});

const PYTHON = 'the example of Python';
const python = findPython();
const noPython = unless(PYTHON, python !== undefined, 'run test/conformance/setup-python.sh');
test(PYTHON, { skip: noPython }, async (t) => {
  const { run } = example(t, 'python');
  assert.equal(await run(SEEDED, [python ?? '', 'family.py']), EXPECTED);
});

const GO = 'the example of Go';
const go = ['go', '/usr/local/go/bin/go'].find((program) => findProgram(program, ['version']));
const noGo = unless(
  GO,
  go !== undefined && findGoDriver() !== undefined,
  'run test/conformance/setup-go.sh',
);
test(GO, { skip: noGo }, async (t) => {
  const { path, run } = example(t, 'go');
  // Built before, with the modules that setup-go.sh fetched: the run itself reaches no proxy of modules.
  const args = ['build', '-trimpath', '-buildvcs=false', '-p', '1', '-o', 'family', '.'];
  const { status, stderr } = spawnSync(go ?? '', args, { cwd: path, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(await run(SEEDED, ['./family']), EXPECTED);
});

const CLI = 'the example of the aliyun CLI';
const { program: aliyun } = findAliyun() ?? {};
test(CLI, { skip: unless(CLI, aliyun !== undefined, 'no aliyun on the path') }, async (t) => {
  const { run } = example(t, 'aliyun-cli', aliyun?.includes('/') ? { aliyun } : {});
  assert.equal(await run(SEEDED, ['sh', 'family.sh']), EXPECTED);
});

const TERRAFORM = 'the example of Terraform';
const programs = findPrograms();
const noTerraform = typeof programs === 'string' && skipOrFail(TERRAFORM, programs);
test(TERRAFORM, { skip: noTerraform }, async (t) => {
  assert.ok(typeof programs !== 'string');
  const { path, run } = example(t, 'terraform');
  const providers = join(path, 'providers');
  mkdirSync(providers);
  symlinkSync(programs.provider, join(providers, basename(programs.provider)));
  const override = `dev_overrides { "aliyun/alicloud" = ${JSON.stringify(providers)} }`;
  writeFileSync(join(path, '../cli.tfrc'), `provider_installation {\n  ${override}\n}\n`);
  const tool = `"${programs.terraform}"`;
  const apply = `${tool} apply -auto-approve -input=false -no-color >&2`;
  const destroy = `${tool} destroy -auto-approve -input=false -no-color >&2`;
  const steps = `${apply} && ${tool} output -json && ${destroy}`;
  const outputs = JSON.parse(await run(SEEDED, ['sh', '-c', steps])) as Record<
    string,
    { value: string }
  >;
  assert.deepEqual([outputs.copied?.value, outputs.newest?.value], ['web-copy', 'web-2']);
});

/** Boot code that asks the firmware (APM) to switch the machine off, and halts if that is refused. */
const POWER_OFF = 'b80753bb0100b90300cd15f4ebfd';

const makeBootDisk = (path: string): void => {
  const disk = Buffer.alloc(2 ** 20);
  disk.write(POWER_OFF, 'hex');
  disk.writeUInt16LE(0xaa55, 510);
  writeFileSync(`${path}.raw`, disk);
  const args = ['convert', '-f', 'raw', '-O', 'qcow2', `${path}.raw`, path];
  assert.equal(spawnSync('qemu-img', args).status, 0);
};

const PACKER = 'the example of Packer';
const packer = findPacker();
const qemu =
  findProgram('qemu-system-x86_64', ['--version']) && findProgram('qemu-img', ['--version']);
const noPacker = unless(
  PACKER,
  Boolean(packer && qemu),
  'needs packer 1.6.6, qemu-system-x86_64 and qemu-img',
);
test(PACKER, { skip: noPacker }, async (t) => {
  const { path, run } = example(t, 'packer');
  makeBootDisk(join(path, 'base.qcow2'));
  const ask =
    'kindred describe-image-from-family --region-id cn-hangzhou --image-family web --output json';
  const built = 'packer build -color=false golden.pkr.hcl >&2';
  const kept = ['--data', 'registry'];
  const answer = JSON.parse(await run(kept, ['sh', '-c', `${built} && ${ask}`])) as {
    Image: Record<string, string>;
  };
  assert.equal(answer.Image.ImageFamily, 'web');
  assert.equal(answer.Image.Status, 'Available');
  await run(kept, ['kindred', 'pull', 'web', '-o', 'web.qcow2']);
  assert.deepEqual(
    readFileSync(join(path, 'web.qcow2')),
    readFileSync(join(path, 'golden/golden.qcow2')),
  );
});
