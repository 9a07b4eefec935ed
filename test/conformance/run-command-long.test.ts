// `kindred run -- CMD` with official clients that are told no endpoint, in a network without a route where one
// can be made (Linux namespaces, without privileges), and in the one that is there otherwise. Each run has
// the data directory that the first one filled, so that all clients have to find the same image.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { SETTINGS } from './packer.ts';
import {
  findAliyun,
  findGoDriver,
  findImgUtils,
  findPackerWithPlugin,
  findProgram,
  findPython,
  skipOrFail,
} from './programs.ts';
import { findPrograms } from './terraform/terraform.ts';

const KINDRED = fileURLToPath(new URL('../../bin/kindred.js', import.meta.url));
const here = (name: string): string => join(import.meta.dirname, name);
const UNSHARE = ['--user', '--map-root-user', '--net'];
const FAMILY = 'web';
const REGION = 'cn-hangzhou';
const DEADLINE_MS = 120_000;

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

const canIsolate =
  spawnSync('unshare', [...UNSHARE, 'python3', here('no_route.py'), 'true']).status === 0;
const home = mkdtempSync(join(tmpdir(), 'kindred-run-test-'));
const temporary = join(home, 'tmp');
const data = join(home, 'data');

/** Of the developer nothing but where programs lie; a real key would be the last thing to try. */
const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  TMPDIR: temporary,
  ...more,
});

const kindredRun = async (
  options: readonly string[],
  command: readonly string[],
  input = '',
): Promise<Ran> => {
  const all = [process.execPath, KINDRED, 'run', ...options, '--', ...command];
  const [file = '', ...args] = canIsolate
    ? ['unshare', ...UNSHARE, 'python3', here('no_route.py'), ...all]
    : all;
  const child = spawn(file, args, { env: environment(), cwd: home, timeout: DEADLINE_MS });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  ran.code = await new Promise((resolve) => child.once('close', resolve));
  return ran;
};

const lasting = ['--data', data, '--offline'];
/** The keys of the run, for clients that take them as arguments. */
const KEYS = '"$ALIBABA_CLOUD_ACCESS_KEY_ID" "$ALIBABA_CLOUD_ACCESS_KEY_SECRET"';
let imageId = '';

before(async () => {
  mkdirSync(temporary);
  const guestData = { seed: 6, sizeBytes: 200_000 };
  writeFileSync(join(home, 'web.qcow2'), makeQcow2({ virtualSizeBytes: 2 ** 30, guestData }));
  const kindred = `"${process.execPath}" "${KINDRED}"`;
  const push = `${kindred} push web.qcow2 --family ${FAMILY}`;
  const ask = `${kindred} describe-image-from-family --region-id ${REGION} --image-family ${FAMILY} --output json`;
  const made = await kindredRun(lasting, ['sh', '-c', `${push} >&2 && ${ask}`]);
  assert.equal(made.code, 0, made.stderr);
  imageId = JSON.parse(made.stdout).Image.ImageId;
  assert.match(imageId, /^m-/);
});

after(() => rmSync(home, { recursive: true, force: true }));

/** What a test is skipped for. */
const unless = (name: string, isThere: unknown, why: string): string | false =>
  isThere === undefined && skipOrFail(name, why);

const nothingLeft = (): void =>
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith('kindred-')),
    [],
  );

const ISOLATED = 'kindred run in a network without a route';
test(
  ISOLATED,
  {
    skip:
      !canIsolate && skipOrFail(ISOLATED, 'no network of its own can be made (unshare, python3)'),
  },
  async () => {
    const reach = `import socket
for host in ('1.1.1.1', '100.100.100.200'):
    try:
        socket.create_connection((host, 443), 3)
        print('reached', host)
    except OSError as error:
        print(error.strerror)
`;
    const { stdout } = await kindredRun(lasting, ['python3', '-c', reach]);
    assert.equal(stdout, 'Network is unreachable\n'.repeat(2));
  },
);

const CLI = 'kindred run with the aliyun CLI';
const { program: aliyun = '' } = findAliyun() ?? {};
test(CLI, { skip: unless(CLI, aliyun || undefined, 'no aliyun on the path') }, async () => {
  const family = ['ecs', 'DescribeImageFromFamily', '--RegionId', REGION, '--ImageFamily', FAMILY];
  const found = await kindredRun(lasting, [aliyun, ...family]);
  assert.equal(JSON.parse(found.stdout).Image.ImageId, imageId, found.stderr);
  assert.equal(found.stderr, '');
  const refused = await kindredRun(lasting, [aliyun, 'rds', 'DescribeRegions']);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout + refused.stderr, /ErrorCode: Kindred\.HostNotServed/);
  assert.match(
    refused.stderr,
    /kindred run refused \d calls? to Alibaba hosts.*\n +\d {2}rds\.[a-z.-]*aliyuncs\.com\n/,
  );
  const buckets = await kindredRun(lasting, [
    'sh',
    '-c',
    `"${aliyun}" oss ls --proxy-host "$HTTPS_PROXY"`,
  ]);
  assert.match(buckets.stdout, /Bucket Number is: \d/, buckets.stderr);
  nothingLeft();
});

const LINE = `${JSON.stringify({ action: 'DescribeImageFromFamily', input: { RegionId: REGION, ImageFamily: FAMILY } })}\n`;

const PYTHON = 'kindred run with the Python SDKs';
const python = findPython();
test(PYTHON, { skip: unless(PYTHON, python, 'run test/conformance/setup-python.sh') }, async () => {
  for (const client of ['tea', 'legacy']) {
    const driver = `"${python}" "${here('driver.py')}" ${client} "" ${KEYS}`;
    const { stdout, stderr } = await kindredRun(lasting, ['sh', '-c', driver], LINE);
    assert.equal(JSON.parse(stdout || '{}').answer?.Image.ImageId, imageId, stderr + stdout);
  }
  nothingLeft();
});

const GO = 'kindred run with the Go SDKs';
const goDriver = findGoDriver();
test(GO, { skip: unless(GO, goDriver, 'run test/conformance/setup-go.sh') }, async () => {
  for (const client of ['tea', 'legacy']) {
    const driver = `"${goDriver}" ${client} "" ${KEYS}`;
    const { stdout, stderr } = await kindredRun(lasting, ['sh', '-c', driver], LINE);
    assert.equal(JSON.parse(stdout || '{}').answer?.Image.ImageId, imageId, stderr + stdout);
  }
});

test('kindred run with the Node.js SDKs', async () => {
  const { stdout, stderr } = await kindredRun(lasting, [
    process.execPath,
    here('cloud-call.ts'),
    FAMILY,
  ]);
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).imageId);
  assert.deepEqual(
    found,
    Array.from({ length: 4 }, () => imageId),
    stderr + stdout,
  );
});

const JAVA = 'kindred run with Java';
const java = findProgram('java', ['-version']);
test(JAVA, { skip: unless(JAVA, java, 'no java on the path') }, async () => {
  const source = join(home, 'Ask.java');
  writeFileSync(
    source,
    `public class Ask {
  public static void main(String[] hosts) throws Exception {
    for (String host : hosts) {
      var address = new java.net.URL("https://" + host + "/?Action=x&Version=2014-05-26");
      System.out.println(((java.net.HttpURLConnection) address.openConnection()).getResponseCode());
    }
  }
}
`,
  );
  const { stdout, stderr } = await kindredRun(lasting, [
    'java',
    source,
    'ecs.aliyuncs.com',
    'rds.aliyuncs.com',
  ]);
  assert.equal(stdout, '404\n403\n', stderr);
  assert.match(stderr, / 1 {2}rds\.aliyuncs\.com\n/);
});

const OSS = 'kindred run with oss2';
const imgUtils = findImgUtils();
test(OSS, { skip: unless(OSS, imgUtils, 'run test/conformance/setup-img-utils.sh') }, async () => {
  const program = `import os, oss2
auth = oss2.AuthV4(os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID'], os.environ['ALIBABA_CLOUD_ACCESS_KEY_SECRET'])
bucket = oss2.Bucket(auth, 'https://oss-${REGION}.aliyuncs.com', 'run-bucket', region='${REGION}')
bucket.create_bucket()
bucket.put_object('a/disk', b'bytes')
print(bucket.get_object('a/disk').read(), [one.key for one in bucket.list_objects().object_list])
`;
  const oss2 = join(imgUtils ?? '', '../python');
  const { stdout, stderr } = await kindredRun(lasting, [oss2, '-c', program]);
  assert.equal(stdout, "b'bytes' ['a/disk']\n", stderr);
});

const TERRAFORM = 'kindred run with Terraform';
const terraform = findPrograms();
const noTerraform = typeof terraform === 'string' && skipOrFail(TERRAFORM, terraform);
test(TERRAFORM, { skip: noTerraform }, async () => {
  assert.ok(typeof terraform !== 'string');
  const folder = join(home, 'terraform');
  mkdirSync(join(folder, 'providers'), { recursive: true });
  symlinkSync(terraform.provider, join(folder, 'providers', basename(terraform.provider)));
  const override = `dev_overrides { "aliyun/alicloud" = ${JSON.stringify(join(folder, 'providers'))} }`;
  writeFileSync(join(folder, 'cli.tfrc'), `provider_installation {\n  ${override}\n}\n`);
  // A provider without a single setting.
  writeFileSync(
    join(folder, 'main.tf'),
    `terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}
data "alicloud_images" "own" {
  owners      = "self"
  most_recent = true
}
data "alicloud_caller_identity" "me" {}
output "ids" { value = data.alicloud_images.own.ids }
`,
  );
  const settings = `TF_CLI_CONFIG_FILE="${folder}/cli.tfrc" CHECKPOINT_DISABLE=1`;
  const tool = `${settings} "${terraform.terraform}" -chdir="${folder}"`;
  const script = `${tool} apply -auto-approve -input=false -no-color >&2 && ${tool} output -json ids`;
  const { stdout, stderr } = await kindredRun(lasting, ['sh', '-c', script]);
  assert.deepEqual(JSON.parse(stdout || 'null'), [imageId], stderr);
  assert.doesNotMatch(stderr, /kindred run refused/);
});

const PACKER = 'kindred run with Packer';
const packer = findPackerWithPlugin();
test(PACKER, { skip: unless(PACKER, packer, 'run test/conformance/setup-packer.sh') }, async () => {
  const golden = {
    ...SETTINGS,
    associate_public_ip_address: true,
    image_family: FAMILY,
    target_image_family: 'golden',
    image_name: 'built',
  };
  const template = {
    source: { 'alicloud-ecs': { golden } },
    build: { sources: ['source.alicloud-ecs.golden'] },
  };
  writeFileSync(join(home, 'build.pkr.json'), JSON.stringify(template));
  const settings = `CHECKPOINT_DISABLE=1 PACKER_PLUGIN_PATH="${dirname(packer ?? '')}"`;
  const script = `${settings} "${packer}" build -color=false build.pkr.json`;
  const { code, stdout, stderr } = await kindredRun(lasting, ['sh', '-c', script]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, new RegExp(`: ${imageId} by image family: ${FAMILY}`));
  assert.match(stdout, /^cn-hangzhou: m-\w+$/m);
  assert.doesNotMatch(stderr, /kindred run refused/);
});

test('a client that does not trust the CA is told about', async () => {
  const program = `import os, ssl, urllib.request
for name in ('SSL_CERT_FILE', 'SSL_CERT_DIR'): os.environ.pop(name, None)
urllib.request.urlopen('https://ecs.aliyuncs.com/')
`;
  const { code, stderr } = await kindredRun(lasting, ['python3', '-c', program]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /1 client connection broke off in the TLS handshake.*\n +1 {2}ecs\.aliyuncs\.com\n/,
  );
});
