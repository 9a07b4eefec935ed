import { MAX_SIGNATURE_BYTES } from '../../domain/address.ts';
import { lacksBytes, NO_BYTES } from '../../domain/bytes.ts';
import { recogniseSignature } from '../../domain/recognise-signature.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageId, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { signedImage } from './shared/signed-image.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes that were meant; undefined when the text is neither armour nor Base64. */
const bytesOf = (content: string): Buffer | undefined => {
  if (content.startsWith('-----BEGIN ')) return Buffer.from(content, 'utf8');
  const text = content.replaceAll(/\s/g, '');
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
};

export const PutImageSignature = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'PutImageSignature',
  kind: 'write',
  docs: {
    summary: "Stores a publisher's detached signature of an image's SHA256SUMS.",
    notes:
      'What is signed is the text that DescribeImageSignatures answers and `/images/<id>/SHA256SUMS` serves, which never changes. The signature is served beside it, an OpenPGP one as `SHA256SUMS.gpg`, an SSH one as `SHA256SUMS.sig`; a second one of a type replaces the first. It is recognised by its content and not verified: whose key it is, the reader knows. A copy of an image has sums, and so signatures, of its own.',
  },
  input: object({
    RegionId: regionId(),
    ImageId: imageId(),
    SignatureContent: string({
      description:
        'The armoured text, or Base64 of a binary OpenPGP signature; at most 16 KiB of bytes.',
      missing: 'MissingParameter',
      invalid: 'InvalidSignatureContent',
      maxLength: 24 * 1024,
    }),
  }),
  output: object({ Type: string({ description: 'openpgp or ssh, by content.' }) }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    MissingParameter: 400,
    InvalidSignatureContent: 400,
    IncorrectImageStatus: 400,
    OperationDenied: 403,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:PutImageSignature', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      SignatureContent: 'iHUEABYIAB0WIQTJP0gaFR3iwFlzSV5ZpN1m3qRj…',
    },
    response: { Type: 'openpgp' },
  },
  async handler(ctx, input) {
    const { image } = await signedImage(ctx, input);
    if (await lacksBytes(ctx.tx, image, image.disks))
      throw ctx.fail('OperationDenied', { message: NO_BYTES });
    const bytes = bytesOf(input.SignatureContent);
    const isFit = bytes !== undefined && bytes.length <= MAX_SIGNATURE_BYTES;
    const signatureType = isFit ? recogniseSignature(bytes) : undefined;
    if (bytes === undefined || signatureType === undefined)
      throw ctx.fail('InvalidSignatureContent');
    await ctx.tx.putImageSignature(image, image.imageId, {
      signatureType,
      signature: bytes.toString('base64'),
      creationMs: ctx.nowMs,
    });
    return { Type: signatureType };
  },
});
