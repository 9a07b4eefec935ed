import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { SSH_ARMOURED } from '../../testing/signatures.ts';
import { DeleteImageSignature } from './DeleteImageSignature.ts';

const ssh = { RegionId: REGION, Type: 'ssh' };

testOperation(DeleteImageSignature, {
  MissingRegionId: (t) => t.call({ ImageId: 'm-bp1', Type: 'ssh' }),
  MissingImageId: (t) => t.call(ssh),
  MissingParameter: (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1' }),
  InvalidParameter: (t) => t.call({ ...ssh, ImageId: 'm-bp1', Type: 'x509' }),
  'InvalidImageId.NotFound': (t) => t.call({ ...ssh, ImageId: 'm-bp1' }),
  'InvalidRegionId.NotFound': (t) => t.call({ ...ssh, RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
  'EntityNotExist.ImageSignature': async (t) => {
    const { imageId } = await t.k.importImage();
    return t.call({ ...ssh, ImageId: imageId });
  },
});

test('a deleted signature is not listed any more', async (t) => {
  const k = await kindred(t);
  const { imageId: ImageId } = await k.importImage();
  const image = { RegionId: REGION, ImageId };
  await k.call('PutImageSignature', { ...image, SignatureContent: SSH_ARMOURED });
  await k.call('DeleteImageSignature', { ...image, Type: 'ssh' });
  const { Signatures } = await k.call('DescribeImageSignatures', image);
  assert.deepEqual(Signatures.Signature, []);
});
