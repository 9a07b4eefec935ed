import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderBuckets } from '../../src/blobs/folder-buckets.ts';
import { bucketContract } from './bucket-contract.ts';

bucketContract('folder', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-buckets-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return openFolderBuckets(join(root, 'buckets'));
});
