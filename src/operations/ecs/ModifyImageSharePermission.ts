// Shares an own image with accounts, ends shares, publishes and unpublishes, all in one transaction. A
// call without anything to change succeeds: Packer ends each build with one.
import type { RegionId } from '../../domain/ids.ts';
import { shareImage, type ShareRefusal } from '../../domain/image-sharing.ts';
import { boolean, choice, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { because } from './shared/because.ts';
import { dryRun, ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

/** Entries of AddAccount and RemoveAccount that are read. */
const MAX_ACCOUNTS = 10;

const accounts = (description: string) =>
  optional(
    list(string({ maxLength: 64, invalid: 'InvalidAccount.NotFound' }), {
      description: `${description} The first ten are read, the others not, as the vendor does.`,
    }),
  );

const REFUSALS = {
  'wrong-status': 'OperationDenied.InvalidImageStatus',
  'own-account': 'InvalidAccount.Forbbiden',
  'unknown-account': 'InvalidAccount.NotFound',
  published: 'Image.Public',
  'has-data-disks': 'OperationDeined.FullImage',
  'too-many': 'QuotaExceed.ShareImageUser',
} as const satisfies Record<ShareRefusal, string>;

export const ModifyImageSharePermission = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyImageSharePermission',
  kind: 'write',
  docs: {
    summary: 'Shares an image with other accounts, ends shares, publishes or unpublishes it.',
    notes:
      'Takes effect at once. Accounts are added before others are removed; to share twice or to remove a share that is not there changes nothing. A published image cannot be shared besides, and one with data disks cannot be published. What a receiver sees of the image stands in the guide (concepts).',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    ImageId: imageId('The image, one of the caller.', 'MissingParameter'),
    AddAccount: accounts('UIDs to share the image with.'),
    RemoveAccount: accounts('UIDs to end the sharing with.'),
    IsPublic: optional(
      boolean({
        description:
          'True publishes the image to every account, false unpublishes it; absent changes nothing.',
        invalid: 'InvalidParameter',
      }),
    ),
    LaunchPermission: optional(
      choice(['all'], {
        description: '`all`, the older way to say IsPublic=true. The vendor opens it to few.',
        invalid: 'InvalidParameter.LaunchPermission',
      }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    'InvalidParameter.LaunchPermission': 400,
    'UnnecessaryParameter.LaunchPermission': 400,
    'Image.Public': 403,
    'OperationDeined.FullImage': 403,
    'OperationDenied.InvalidImageStatus': 403,
    'QuotaExceed.ShareImageUser': 403,
    'InvalidAccount.Forbbiden': 404,
    'InvalidAccount.NotFound': 404,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    ...because('LaunchPermission is open to everyone here and takes one value.', [
      '400 ForbiddenParameter.LaunchPermission',
      '400 InvalidGroup.Malformed',
    ]),
    ...because('Publishing needs no service role, agreement or region, and no text is censored.', [
      '403 AssumeRoleError',
      '403 CurrentRegion.NotSupportPublicImage',
      '403 ImageDescription.ContainsSensitiveWords',
      '403 ImageName.ContainsSensitiveWords',
      '403 InvalidParameter.IsPublic',
      '403 PublicImageAgreement.NotSigned',
    ]),
    ...because('Images are not encrypted here.', [
      '403 InvalidOperation.ServiceKeyEncryptedImageUnsupported',
      '403 InvalidParameter.KMSKeyId.CMKNotEnabled',
      '403 InvalidParameter.KMSKeyId.CMKUnauthorized',
      '403 OperationDeined.EncryptedSnapshot',
    ]),
    '403 Image.NotPublic': 'To unpublish an image that is not published changes nothing.',
    '403 InvalidImageId.BidMismatch': 'All accounts are of one site.',
    '403 QuotaExceed.ShareImage': 'Only the accounts of one image are limited.',
  },
  access: {
    action: 'ecs:ModifyImageSharePermission',
    resource: ({ ImageId }) => `image/${ImageId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      'AddAccount.1': '1234567890123456',
    },
    response: {},
  },
  dryRun: true,
  async handler(ctx, input) {
    const { IsPublic, LaunchPermission } = input;
    if (IsPublic !== undefined && LaunchPermission !== undefined)
      throw ctx.fail('UnnecessaryParameter.LaunchPermission');
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const image = await ctx.tx.image(scope, input.ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    const request = {
      add: (input.AddAccount ?? []).slice(0, MAX_ACCOUNTS),
      remove: (input.RemoveAccount ?? []).slice(0, MAX_ACCOUNTS),
      publish: LaunchPermission === 'all' ? true : IsPublic,
    };
    const refusal = await shareImage(ctx.tx, image, request, ctx.settings.quotas);
    if (refusal !== undefined) throw ctx.fail(REFUSALS[refusal]);
    return {};
  },
});
