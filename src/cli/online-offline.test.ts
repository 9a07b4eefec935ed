// The commands against a real server behind a port, and against the data directory that it leaves.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { readServeConfig } from '../server/config.ts';
import type { KeyPair } from '../server/first-account.ts';
import { startServing, type Serving } from '../server/serve.ts';
import { makeQcow2 } from '../testing/disk-images.ts';
import { signedRequest } from '../testing/sign.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

let root: string;
let dataDir: string;
let serving: Serving;

const start = async (): Promise<void> => {
  const flags = ['--listen=127.0.0.1:0', `--data=${dataDir}`, '--log-level=silent'];
  serving = await startServing(readServeConfig(flags, {}));
};

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'kindred-cli-'));
  dataDir = join(root, 'data');
  await start();
  mkdirSync(join(dataDir, 'buckets/golden'), { recursive: true });
  const disk = makeQcow2({
    virtualSizeBytes: 1024 ** 3,
    guestData: { seed: 1, sizeBytes: 65_536 },
  });
  writeFileSync(join(dataDir, 'buckets/golden/disk.qcow2'), disk);
});

after(async () => {
  await serving.stop();
  rmSync(root, { recursive: true, force: true });
});

interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

const REGION = { ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou' };

/** `where`: a client that knows an endpoint and the directory's key, or the directory alone. */
const run = async (
  where: 'server' | 'directory',
  line: string,
  isTerminal = false,
): Promise<Ran> => {
  const environment =
    where === 'server'
      ? { ...REGION, KINDRED_DATA: dataDir, ALIBABA_CLOUD_ENDPOINT: serving.url }
      : { ...REGION, KINDRED_LISTEN: '127.0.0.1:2' };
  const io = captureIo({ environment, isOutTerminal: isTerminal, isErrTerminal: isTerminal });
  const words = line.split(' ');
  const argv = where === 'server' ? words : [...words, '--data', dataDir];
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

const json = ({ exitCode, stdout, stderr }: Ran) => {
  assert.equal(exitCode, 0, stderr);
  // oxlint-disable-next-line typescript/no-explicit-any -- a parsed answer
  return JSON.parse(stdout) as any;
};

const IMPORT = 'import-image --disk-device-mapping OSSBucket=golden,OSSObject=disk.qcow2';

test('a server is called: accounts and keys from making to deleting', async () => {
  const made = json(await run('server', 'accounts create build-team'));
  const account = `--account-id ${made.AccountId}`;
  assert.match((await run('server', 'accounts', true)).stdout, /build-team/);
  const second = json(await run('server', `keys create ${account}`));
  json(await run('server', `keys disable ${second.AccessKeyId}`));
  const status = async (): Promise<string[]> =>
    json(await run('server', `keys list ${account}`)).AccessKeys.AccessKey.map(
      (key: { Status: string }) => key.Status,
    );
  assert.deepEqual(await status(), ['Active', 'Inactive']);
  json(await run('server', `keys enable ${second.AccessKeyId}`));
  assert.deepEqual(await status(), ['Active', 'Active']);
  json(await run('server', `keys delete ${second.AccessKeyId}`));
  assert.deepEqual(await status(), ['Active']);
});

test('an import with --wait shows how it goes on a terminal and ends Available', async () => {
  const waited = await run('server', `${IMPORT} --image-name first --wait`, true);
  assert.equal(waited.exitCode, 0, waited.stderr);
  assert.match(waited.stderr, /ImportImage t-\w+: (Processing|Finished) \d+%/);
  assert.match(waited.stdout, /^ImageId +m-/m);
  const imageId = /m-\w+/.exec(waited.stdout)![0];
  json(await run('server', `modify-image-attribute --image-id ${imageId} --image-family web`));
  const found = json(await run('server', 'describe-image-from-family --image-family web'));
  assert.equal(found.Image.ImageId, imageId);
  assert.match(
    (await run('server', 'families', true)).stdout,
    new RegExp(`^web .*${imageId}`, 'm'),
  );
});

test('an image without a task is waited for by its status', async () => {
  const { Snapshots } = json(await run('server', 'describe-snapshots'));
  const line = `create-image --snapshot-id ${Snapshots.Snapshot[0].SnapshotId} --wait`;
  const made = await run('server', line, true);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.match(made.stderr, /CreateImage m-\w+: Available 100%/);
});

test('a refusal is one sentence with its code and what to do, exit code 1', async () => {
  const region = await run('server', 'describe-images --region-id nowhere');
  assert.deepEqual([region.exitCode, region.stdout], [1, '']);
  assert.match(
    region.stderr,
    /^kindred: InvalidRegionId\.NotFound: .* kindred describe-regions lists the regions\.\n$/,
  );
  const nobody = await run('server', 'accounts --endpoint http://127.0.0.1:2');
  assert.equal(nobody.exitCode, 1);
  assert.match(nobody.stderr, /EndpointUnreachable: .*ECONNREFUSED.*kindred serve/);
});

test('a dry run that would succeed exits 0 and changes nothing', async () => {
  const tried = await run('server', `${IMPORT} --image-name tried --dry-run`);
  assert.deepEqual([tried.exitCode, tried.stdout], [0, '']);
  assert.match(tried.stderr, /nothing was changed/);
  assert.equal(json(await run('server', 'describe-images --image-name tried')).TotalCount, 0);
});

test('an import that fails makes --wait exit 1 and say why', async () => {
  writeFileSync(join(dataDir, 'buckets/golden/broken.qcow2'), 'QFI\u00fb is not enough');
  const line = 'import-image --disk-device-mapping OSSBucket=golden,OSSObject=broken.qcow2 --wait';
  const { exitCode, stderr } = await run('server', line);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^kindred: ImportImage t-\w+ ended Failed: \w/);
});

test('a directory that a server has is asked through the server, or not at all', async () => {
  const { exitCode, stderr } = await run('directory', 'accounts');
  assert.equal(exitCode, 1);
  assert.match(stderr, /EndpointUnreachable/);
});

test('without a server the directory itself answers, by the same operations', async () => {
  await serving.stop();
  try {
    const accounts = json(await run('directory', 'accounts'));
    assert.equal(accounts.TotalCount, 2);
    const { ImageId } = json(await run('directory', `${IMPORT} --image-name second`));
    const images = json(await run('directory', `describe-images --image-id ${ImageId}`));
    assert.equal(
      images.Images.Image[0].Status,
      'Available',
      'the job ended before the command did',
    );
    json(await run('directory', `${IMPORT} --image-name third --wait`));
    assert.equal((await run('directory', 'fsck')).exitCode, 0);
    const noServer = captureIo({
      environment: { ...REGION, KINDRED_DATA: dataDir, KINDRED_LISTEN: '127.0.0.1:2' },
      isErrTerminal: true,
    });
    assert.equal(await runCommand(['accounts'], noServer), 0);
    assert.match(noServer.stderr, /no server at http:\/\/127\.0\.0\.1:2: working on /);
  } finally {
    await start();
  }
});

test('fsck exits 1 when it finds something', async () => {
  const orphan = join(dataDir, 'blobs/sha256/00');
  mkdirSync(orphan, { recursive: true });
  writeFileSync(join(orphan, '00'.repeat(32)), 'nobody');
  const { exitCode, stdout } = await run('server', 'fsck', true);
  assert.equal(exitCode, 1);
  assert.match(stdout, /OrphanBlob/);
  assert.match(stdout, /DifferenceCount 1/);
});

test('the doctor finds all well, and says what is not', async () => {
  const well = await run('server', 'doctor');
  assert.equal(well.exitCode, 0, well.stdout);
  assert.match(well.stdout, /^ok {4}a server has the directory \(process \d+\)$/m);
  assert.match(well.stdout, /^ok {4}the key LTAI\w+ \(from /m);
  assert.match(well.stdout, /^ok {4}the clocks differ by \d+ s$/m);
  assert.match(well.stdout, /^ok {4}every parameter that was sent since its start was read$/m);
  const key = JSON.parse(readFileSync(join(dataDir, 'root-key.json'), 'utf8')) as KeyPair;
  const call = { ...key, action: 'DescribeRegions', version: '2014-05-26', nowMs: Date.now() };
  await fetch(serving.url + signedRequest({ Foo: '1' }, call).target);
  const told = (await run('server', 'doctor')).stdout.replaceAll(/\s+/g, ' ');
  assert.match(told, /warn parameters were sent that nothing reads: DescribeRegions 1: the log/);
  const ill = await run('server', 'doctor --endpoint http://127.0.0.1:2');
  assert.equal(ill.exitCode, 1);
  assert.match(ill.stdout, /^fail {2}nothing answers at http:\/\/127\.0\.0\.1:2/m);
  const unused = captureIo({
    environment: { KINDRED_DATA: join(root, 'none'), KINDRED_LISTEN: '127.0.0.1:2' },
  });
  assert.equal(await runCommand(['doctor'], unused), 0);
  assert.match(unused.stdout, /^warn {2}there is no data directory/m);
});

test('a directory that is none is refused', async () => {
  const io = captureIo();
  assert.equal(await runCommand(['accounts', '--data', join(root, 'none')], io), 2);
  assert.match(io.stderr, /is not a data directory of Kindred/);
});

test('prune: a dry run deletes nothing, then what is old goes, with a server and without flags of the API', async () => {
  const family = '--image-family nightly';
  for (let i = 0; i < 2; i += 1) {
    const { ImageId } = json(await run('server', `${IMPORT} --wait`));
    json(await run('server', `modify-image-attribute --image-id ${ImageId} ${family}`));
  }
  const planned = await run('server', 'prune nightly --keep 1 --dry-run', true);
  assert.match(planned.stdout, /would delete/);
  assert.match(planned.stdout, /kept/);
  const young = json(await run('server', 'prune nightly --keep 1 --older-than 30d --json'));
  assert.equal(young.DeletedCount, 0);
  const pruned = json(await run('server', 'prune nightly --keep 1 --region cn-hangzhou --json'));
  assert.deepEqual([pruned.DeletedCount, pruned.KeptCount], [1, 1]);
  for (const wrong of ['prune', 'prune nightly', 'prune nightly --keep 1 --older-than 30h'])
    assert.equal((await run('server', wrong)).exitCode, 2, wrong);
});
