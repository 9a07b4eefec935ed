import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { operations } from '../client/data.ts';
import type { RegionId } from '../domain/ids.ts';
import { kindred, REGION } from '../testing/harness.ts';
import { captureIo } from './captured-io.ts';
import type { Connection } from './connect.ts';
import { WorkFailed, waitForWork } from './wait.ts';
import { blobFile } from '../testing/blob-file.ts';

const FAR = 'cn-beijing';

test('waiting for a copy looks where it goes to, and says why it failed', async (t) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-region-'));
  t.after(() => rmSync(far, { recursive: true, force: true }));
  const k = await kindred(t, { regionBlobs: { [FAR]: far } });
  const { imageId } = await k.image();
  const connection: Pick<Connection, 'send'> = {
    send: (name, input) => k.call(name, input as Readonly<Record<string, string>>),
  };
  const copyImage = operations.CopyImage!;
  const call = { RegionId: REGION, ImageId: imageId, DestinationRegionId: FAR };
  const copied = async (): Promise<void> => {
    const answer = await k.call('CopyImage', call);
    await k.finishJobs();
    await waitForWork(connection, copyImage, call, answer, captureIo());
  };
  await copied();

  for (const region of [REGION, FAR]) {
    const { blobs } = k.kindred.stores.of(region as RegionId);
    for await (const { digest } of blobs.list()) rmSync(blobFile(blobs, digest));
  }
  await assert.rejects(copied, (error) => {
    assert.ok(error instanceof WorkFailed);
    assert.match(error.message, /^CopyImage m-\w+ ended CreateFailed: SOURCE_MISSING: Disk 1 /);
    return true;
  });
});
