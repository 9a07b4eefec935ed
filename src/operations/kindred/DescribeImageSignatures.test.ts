import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { SSH_ARMOURED } from '../../testing/signatures.ts';
import { DescribeImageSignatures } from './DescribeImageSignatures.ts';

testOperation(DescribeImageSignatures, {
  MissingRegionId: (t) => t.call({ ImageId: 'm-bp1' }),
  MissingImageId: (t) => t.call({ RegionId: REGION }),
  IncorrectImageStatus: async (t) => {
    const { imageId } = await t.k.startImport();
    return t.call({ RegionId: REGION, ImageId: imageId });
  },
  'InvalidImageId.NotFound': async (t) => {
    const { imageId } = await t.k.importImage();
    const as = await t.k.newAccount();
    return t.call({ RegionId: REGION, ImageId: imageId }, { as });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
});

test('the text that is signed has the name at acceptance and survives a rename', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  const { imageId: ImageId } = await k.importImage({ ImageName: 'web:1ü' }, { bytes });
  const hex = createHash('sha256').update(bytes).digest('hex');
  const call = { RegionId: REGION, ImageId };
  const before = await k.call('DescribeImageSignatures', call);
  assert.equal(before.Sha256Sums, `${hex}  web_1_.qcow2\n`);
  await k.call('ModifyImageAttribute', { ...call, ImageName: 'web-old', ImageFamily: 'web' });
  await k.call('PutImageSignature', { ...call, SignatureContent: SSH_ARMOURED });
  const after = await k.call('DescribeImageSignatures', call);
  assert.equal(after.Sha256Sums, before.Sha256Sums);
  assert.deepEqual(after.Signatures.Signature, [
    {
      Type: 'ssh',
      Content: Buffer.from(SSH_ARMOURED).toString('base64'),
      CreationTime: '2026-11-24T12:00:00Z',
      Path: `/images/${ImageId}/SHA256SUMS.sig`,
    },
  ]);
});
