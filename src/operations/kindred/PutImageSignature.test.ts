import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseSignature } from '../../domain/recognise-signature.ts';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { OPENPGP_BINARY, SSH_ARMOURED } from '../../testing/signatures.ts';
import { PutImageSignature } from './PutImageSignature.ts';

const made = { RegionId: REGION, SignatureContent: SSH_ARMOURED };

testOperation(
  PutImageSignature,
  {
    MissingRegionId: (t) => t.call({ ImageId: 'm-bp1', SignatureContent: SSH_ARMOURED }),
    MissingImageId: (t) => t.call(made),
    MissingParameter: (t) => t.call({ RegionId: REGION, ImageId: 'm-bp1' }),
    InvalidSignatureContent: async (t) => {
      const { imageId } = await t.k.importImage();
      return t.call({ RegionId: REGION, ImageId: imageId, SignatureContent: 'AAAA' });
    },
    IncorrectImageStatus: async (t) => {
      const { imageId } = await t.k.startImport();
      return t.call({ ...made, ImageId: imageId });
    },
    OperationDenied: async (t) => {
      const InstanceId = await runInstance(t.k);
      const { ImageId } = await t.k.call('CreateImage', { RegionId: REGION, InstanceId });
      await t.k.finishJobs();
      return t.call({ ...made, ImageId });
    },
    'InvalidImageId.NotFound': async (t) => {
      const { imageId } = await t.k.importImage();
      const as = await t.k.newAccount();
      return t.call({ ...made, ImageId: imageId }, { as });
    },
    'InvalidRegionId.NotFound': (t) =>
      t.call({ ...made, RegionId: 'cn-nowhere', ImageId: 'm-bp1' }),
  },
  { kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a second signature of a type replaces the first, and both go with the image', async (t) => {
  const k = await kindred(t);
  const { imageId: ImageId } = await k.importImage();
  const put = (SignatureContent: string) =>
    k.call('PutImageSignature', { RegionId: REGION, ImageId, SignatureContent });
  const base64 = OPENPGP_BINARY.toString('base64');
  assert.equal((await put(base64)).Type, 'openpgp');
  assert.equal((await put(SSH_ARMOURED)).Type, 'ssh');
  await put(`${SSH_ARMOURED}\n`);
  const listed = await k.call('DescribeImageSignatures', { RegionId: REGION, ImageId });
  const contents = listed.Signatures.Signature.map((row: { Content: string }) => row.Content);
  assert.deepEqual(contents, [base64, Buffer.from(`${SSH_ARMOURED}\n`).toString('base64')]);
  await k.call('DeleteImage', { RegionId: REGION, ImageId });
  assert.deepEqual(await k.store.read((tx) => tx.imageSignatures(ImageId as never)), []);
});

test('what is no signature, or more than one, is not taken for one', () => {
  assert.equal(recogniseSignature(OPENPGP_BINARY), 'openpgp');
  assert.equal(recogniseSignature(Buffer.concat([OPENPGP_BINARY, OPENPGP_BINARY])), 'openpgp');
  const others = [
    Buffer.alloc(0),
    Buffer.concat([OPENPGP_BINARY, Buffer.from('tail')]),
    OPENPGP_BINARY.subarray(0, -1),
    Buffer.from([0x88, 0x00]),
    Buffer.from('<html><script>'),
    Buffer.from('-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'),
    Buffer.from('-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n'),
    Buffer.from(`x${SSH_ARMOURED}`),
    Buffer.from(`${SSH_ARMOURED}\nx`),
    Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----'),
  ];
  for (const [i, bytes] of others.entries())
    assert.equal(recogniseSignature(bytes), undefined, String(i));
});
