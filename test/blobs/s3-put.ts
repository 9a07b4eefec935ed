// A process of its own that puts one staged file into a store in S3, to be killed on the way.
import { statSync } from 'node:fs';
import { isDigest } from '../../src/blobs/blob-store.ts';
import { openS3Blobs } from '../../src/blobs/s3/open.ts';
import type { S3Settings } from '../../src/blobs/s3/settings.ts';
import { noFaults } from '../../src/lib/fault.ts';

const [settings = '', path = '', digest = '', mark = ''] = process.argv.slice(2);
if (!isDigest(digest)) throw new Error('usage: s3-put.ts SETTINGS PATH DIGEST MARK');
const blobs = await openS3Blobs({
  settings: JSON.parse(settings) as S3Settings, // of the test that started us
  name: 's3',
  mark,
  isExpected: true,
  faults: noFaults,
});
await blobs.put(path, digest, statSync(path).size);
