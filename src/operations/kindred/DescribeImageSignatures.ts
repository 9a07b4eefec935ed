import { imagePath, SIGNATURE_FILES, sumsText } from '../../domain/address.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageId, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { signedImage } from './shared/signed-image.ts';

export const DescribeImageSignatures = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageSignatures',
  kind: 'read',
  docs: {
    summary: 'Gives the text that publishers sign for an image, and the signatures stored for it.',
  },
  input: object({ RegionId: regionId(), ImageId: imageId() }),
  output: object({
    ImageId: string(),
    Sha256Sums: string({
      description:
        'What is signed: a line `<64 hex>  <file>` and a line feed for each file. Never changes.',
    }),
    Signatures: object({
      Signature: list(
        object({
          Type: string({ description: 'openpgp or ssh.' }),
          Content: string({ description: 'As it was given; Base64 of the bytes.' }),
          CreationTime: string({ description: 'UTC.' }),
          Path: string({ description: 'Where readers of the family find it on this server.' }),
        }),
      ),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    IncorrectImageStatus: 400,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:DescribeImageSignatures',
    resource: ({ ImageId }) => `image/${ImageId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp146shijn7hujku9exp' },
    response: {
      ImageId: 'm-bp146shijn7hujku9exp',
      Sha256Sums: `${'0123456789abcdef'.repeat(4)}  web-1.qcow2\n`,
      Signatures: { Signature: [] },
    },
  },
  async handler(ctx, input) {
    const { image, files } = await signedImage(ctx, input);
    const signatures = await ctx.tx.imageSignatures(image.imageId);
    return {
      ImageId: image.imageId,
      Sha256Sums: sumsText(files),
      Signatures: {
        Signature: signatures.map(({ signatureType, signature, creationMs }) => ({
          Type: signatureType,
          Content: signature,
          CreationTime: formatSeconds(creationMs),
          Path: imagePath(image.imageId, SIGNATURE_FILES[signatureType]),
        })),
      },
    };
  },
});
