// Blobs as files: the contract, and what is true of files alone.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openFileBlobs } from '../../src/blobs/files.ts';
import type { Faults } from '../../src/lib/fault.ts';
import { throwAt } from '../../src/lib/fault.ts';
import { blobContract, digestOf, listAll } from './contract.ts';

const open = async (t: TestContext, faults?: Faults) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kindred-blobs-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const stagingDir = join(dataDir, 'staging');
  await mkdir(stagingDir);
  const root = join(dataDir, 'blobs');
  const blobs = await openFileBlobs(faults === undefined ? { root } : { root, faults });
  return { blobs, stagingDir, root };
};

blobContract('files', open);

test('files: a blob lies under the first two digits of its digest', async (t) => {
  const { blobs, stagingDir, root } = await open(t);
  const bytes = Buffer.from('where');
  const digest = digestOf(bytes);
  const hex = digest.slice('sha256:'.length);
  await writeFile(join(stagingDir, 'a.part'), bytes);
  await blobs.put(join(stagingDir, 'a.part'), digest, bytes.length);
  assert.equal((await stat(join(root, 'sha256', hex.slice(0, 2), hex))).size, bytes.length);
});

test('files: list passes over what is no blob', async (t) => {
  const { blobs, root } = await open(t);
  await mkdir(join(root, 'sha256', 'ab', `ab${'0'.repeat(62)}`), { recursive: true });
  await mkdir(join(root, 'sha256', 'lost+found'));
  await writeFile(join(root, 'sha256', 'ab', 'README'), 'x');
  await writeFile(join(root, 'sha256', 'ab', `cd${'0'.repeat(62)}`), 'in the wrong folder');
  assert.deepEqual(await listAll(blobs), []);
});

for (const point of ['publish.renamed', 'publish.synced'] as const)
  test(`files: a put that dies at ${point} is completed by the next`, async (t) => {
    const { blobs, stagingDir } = await open(t, throwAt(point));
    const bytes = Buffer.from(point);
    const stagedPath = join(stagingDir, 'a.part');
    await writeFile(stagedPath, bytes);
    await assert.rejects(blobs.put(stagedPath, digestOf(bytes), bytes.length), /fault at/);
    assert.equal(await blobs.put(stagedPath, digestOf(bytes), bytes.length), 'joined');
    assert.deepEqual(await blobs.head(digestOf(bytes)), { sizeBytes: bytes.length });
    assert.deepEqual(await readdir(stagingDir), []);
  });
