// Scenario 11 (the family of an image is set, changed and set back) as releases of the provider from
// 1.227 on ask it, call by call and in their shape: envelope and query in the URL, the rest as a form.
// A newer release itself goes through it where one is named (results.json tells when); the one that is
// built everywhere has no `image_family`, so this replay stands in for it on every run. It is no client:
// nothing that it does counts as driven by Terraform.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { formatSeconds } from '../../../src/lib/clock.ts';
import { startServer } from '../../../src/testing/server.ts';
import { signV1, stringToSignV1 } from '../../../src/wire/signature-v1.ts';
import type { Answer } from '../clients.ts';
import { until } from '../story.ts';
import { kitFor, REGION } from './kit.ts';

type Parameters = Readonly<Record<string, string>>;
type Tea = (action: string, query: Parameters, body: Parameters) => Promise<Answer>;

const teaFor =
  (url: string, key: { accessKeyId: string; accessKeySecret: string }): Tea =>
  async (action, query, body) => {
    const inUrl: Record<string, string> = {
      ...query,
      Action: action,
      Version: '2014-05-26',
      Format: 'json',
      AccessKeyId: key.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: randomUUID(),
      Timestamp: formatSeconds(Date.now()),
    };
    const named = Object.entries({ ...inUrl, ...body }).map(([name, value]) => ({ name, value }));
    inUrl.Signature = signV1(stringToSignV1('POST', named), key.accessKeySecret, 'HMAC-SHA1');
    const response = await fetch(`${url}/?${new URLSearchParams(inUrl)}`, {
      method: 'POST',
      body: new URLSearchParams(body),
    });
    const answer = (await response.json()) as Answer;
    assert.equal(response.status, 200, JSON.stringify(answer));
    assert.ok(!('Code' in answer), 'a Code in a good answer is an error to the provider');
    return answer;
  };

test('the image family changes, as newer releases of the provider ask it', async (t) => {
  const server = await startServer(t);
  const kit = kitFor(server);
  const { snapshotId } = await kit.image();
  const tea = teaFor(server.url, server.key);
  const rows = async (ImageId: string): Promise<Answer[]> =>
    (await tea('DescribeImages', { ImageId, RegionId: REGION, Status: 'ALL' }, {})).Images.Image;
  const created = await tea(
    'CreateImage',
    {},
    {
      RegionId: REGION,
      ClientToken: `TF-CreateImage-1-${randomUUID()}`,
      Architecture: 'x86_64',
      ImageName: 'terraform-family',
      ImageFamily: 'test-tf',
      SnapshotId: snapshotId,
    },
  );
  const id = created.ImageId as string;
  const made = await until(async () => (await rows(id)).find((row) => row.Usable === true), id);

  for (const family of ['test-tf', 'test-tf-123', 'test-tf']) {
    const body = { RegionId: REGION, ImageFamily: family };
    if (family !== (await rows(id))[0].ImageFamily)
      await tea('ModifyImageAttribute', { ImageId: id }, body);
    // The wait compares with the configured text: absent, the provider would wait ten minutes.
    const [read] = await rows(id);
    assert.equal(read.Description, '');
    assert.deepEqual(read, { ...made, ImageFamily: family }, 'and no other difference for a plan');
    const asked = { RegionId: REGION, ImageFamily: family };
    assert.equal((await kit.call('DescribeImageFromFamily', asked)).Image.ImageId, id);
  }
  assert.ok(Array.isArray(made.DiskDeviceMappings.DiskDeviceMapping));
  assert.ok(Array.isArray(made.Tags.Tag));

  await tea('DeleteImage', { ImageId: id }, { RegionId: REGION, Force: 'false' });
  await until(async () => ((await rows(id)).length === 0 ? true : undefined), 'the deletion');
  assert.equal((await kit.other('Fsck')).DifferenceCount, 0);
});
