// Buckets in S3-compatible storage: the contract that folders keep as well, then what folders have not.
import { after, before, test, type TestContext } from 'node:test';
import { openS3Buckets } from '../../src/blobs/s3/open-buckets.ts';
import { bucketContract } from './bucket-contract.ts';
import { folderOf, s3Settings, s3Skip, startS3Server, type S3Server } from './s3-server.ts';

let server: S3Server;
let prefixes = 0;

before(async () => {
  if (s3Skip === false) server = await startS3Server();
});
after(() => server?.close());

const open = async (t: TestContext) =>
  openS3Buckets(s3Settings(server.endpoint, `b${++prefixes}/`), folderOf(t));

if (s3Skip === false) bucketContract('S3', open);
else test('S3: the contract of buckets', { skip: s3Skip }, () => undefined);
