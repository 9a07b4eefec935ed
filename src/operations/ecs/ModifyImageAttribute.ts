// Changes what may change of an image: name, description, family, state and a few properties. All of it
// in one transaction: a call that is refused has changed nothing.
import type { Image, ImageStatus } from '../../domain/image.ts';
import type { RegionId } from '../../domain/ids.ts';
import {
  changeAttributes,
  changeFamily,
  changeStatus,
  type FamilyRefusal,
} from '../../domain/image-lifecycle.ts';
import { NO_BYTES } from '../../domain/bytes.ts';
import { isDescription, isFamilyName, isImageName } from '../../domain/naming.ts';
import type { ImageUpdate } from '../../domain/tx.ts';
import { choice, object, optional, type Static } from '../../lib/schema.ts';
import { defineOperation, type CallContext, type WriteContext } from '../../operation.ts';
import { bootModeFits } from './shared/boot-mode.ts';
import {
  BOOT_MODES,
  description,
  imageFamily,
  imageName,
  imdsSupport,
  supportChoice,
} from './shared/image-parameters.ts';
import { dryRun, ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

const input = object({
  RegionId: regionId(),
  ImageId: imageId(),
  ImageName: imageName,
  Description: description,
  ImageFamily: imageFamily,
  Status: optional(
    choice(['Deprecated', 'Available'], {
      description:
        'Deprecated takes an Available image out of its family, Available puts it back: the roll-back.',
      invalid: 'InvalidParameter',
    }),
  ),
  BootMode: optional(choice(BOOT_MODES, { invalid: 'InvalidBootMode.NotSupport' })),
  Features: optional(
    object({
      NvmeSupport: supportChoice('Whether the guest has an NVMe driver.', 'InvalidParameter'),
      ImdsSupport: imdsSupport,
    }),
  ),
  LicenseType: optional(choice(['BYOL'], { invalid: 'InvalidLicenseType.NotSupported' })),
  DryRun: dryRun,
  ...owners,
});
type Input = Static<typeof input>;

type FormFault =
  | 'MissingParameter'
  | 'InvalidImageName.Malformed'
  | 'InvalidDescription.Malformed'
  | 'InvalidImageFamily.Malformed';

const checkForm = (ctx: Pick<CallContext<FormFault>, 'fail'>, wanted: Input): void => {
  const { ImageName, Description, ImageFamily, Status, BootMode, Features, LicenseType } = wanted;
  const attributes = [ImageName, Description, ImageFamily, Status, BootMode, Features, LicenseType];
  if (attributes.every((attribute) => attribute === undefined))
    throw ctx.fail('MissingParameter', { parameter: 'ImageName' });
  if (ImageName !== undefined && !isImageName(ImageName))
    throw ctx.fail('InvalidImageName.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  if (ImageFamily !== undefined && !isFamilyName(ImageFamily))
    throw ctx.fail('InvalidImageFamily.Malformed');
};

type StateFault =
  | 'InvalidStatus.ImageIsCreating'
  | 'ImageStatus.NotAvailable'
  | 'ImageIsPublic'
  | 'ImageUseShared'
  | 'OperationDeined.ImageUsingByInstance'
  | 'ImageStatus.NotDeprecated'
  | 'InvalidBootMode.NotSupport'
  | 'InvalidOperation.FeaturesImdsSupportNotMatch';

/** Whether the image, as it is, lets itself be changed so. */
const checkState = (
  ctx: Pick<CallContext<StateFault>, 'fail'>,
  image: Image,
  { Status, BootMode, Features }: Input,
): void => {
  if (image.status === 'Creating' || image.status === 'Waiting')
    throw ctx.fail('InvalidStatus.ImageIsCreating');
  if (Status === 'Deprecated' && image.status !== 'Available')
    throw ctx.fail('ImageStatus.NotAvailable');
  if (Status === 'Deprecated' && image.isPublic) throw ctx.fail('ImageIsPublic');
  if (Status === 'Deprecated' && image.isShared) throw ctx.fail('ImageUseShared');
  if (Status === 'Available' && image.status !== 'Deprecated')
    throw ctx.fail('ImageStatus.NotDeprecated');
  if (BootMode !== undefined && BootMode !== image.bootMode && image.isInUse)
    throw ctx.fail('OperationDeined.ImageUsingByInstance');
  if (BootMode !== undefined && !bootModeFits({ ...image, bootMode: BootMode }))
    throw ctx.fail('InvalidBootMode.NotSupport');
  if (Features?.ImdsSupport === 'v1' && image.imdsSupport === 'v2')
    throw ctx.fail('InvalidOperation.FeaturesImdsSupportNotMatch');
};

/** The members that really change, so that the journal holds no change that is none. */
const differing = (
  image: Image,
  wanted: { [Name in keyof ImageUpdate]: ImageUpdate[Name] | undefined },
) =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && value !== image[name as keyof ImageUpdate],
    ),
  ) as ImageUpdate; // The filter leaves members out and changes none.

const FAMILY_REFUSALS = {
  'family-full': 'ImageQuotaFull.ImageFamily',
  'families-full': 'ImageFamilyQuotaFull',
  'no-bytes': 'OperationDenied',
} as const satisfies Record<FamilyRefusal, string>;

type ChangeFault =
  | 'InvalidImageName.Duplicated'
  | (typeof FAMILY_REFUSALS)[keyof typeof FAMILY_REFUSALS];

const applyChanges = async (
  ctx: Pick<WriteContext<ChangeFault>, 'tx' | 'fail' | 'settings'>,
  image: Image,
  wanted: Input,
): Promise<void> => {
  const { tx, settings } = ctx;
  const { ImageName, ImageFamily, Features } = wanted;
  const parts = [
    ['renamed', differing(image, { imageName: ImageName })],
    ['described', differing(image, { description: wanted.Description })],
    [
      'attributes',
      differing(image, {
        bootMode: wanted.BootMode,
        licenseType: wanted.LicenseType,
        nvmeSupport: Features?.NvmeSupport,
        imdsSupport: Features?.ImdsSupport,
      }),
    ],
  ] as const;
  if (ImageName !== undefined && ImageName !== image.imageName) {
    const holder = await tx.imageByName(image, ImageName);
    if (holder !== undefined) throw ctx.fail('InvalidImageName.Duplicated');
  }
  for (const [kind, set] of parts)
    if (Object.keys(set).length > 0) await changeAttributes(tx, image, set, kind);
  let known = image;
  if (ImageFamily !== undefined) {
    const refusal = await changeFamily(tx, image, ImageFamily, settings.quotas);
    if (refusal !== undefined)
      throw ctx.fail(FAMILY_REFUSALS[refusal], refusal === 'no-bytes' ? { message: NO_BYTES } : {});
    known = { ...known, imageFamily: ImageFamily };
  }
  const status: ImageStatus | undefined = wanted.Status;
  if (status !== undefined && !(await changeStatus(tx, known, status)))
    throw new Error(`${image.imageId} did not become ${status} although its state permits it`);
};

export const ModifyImageAttribute = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ModifyImageAttribute',
  kind: 'write',
  docs: {
    summary: 'Changes name, description, family, state or properties of an image, all or nothing.',
    notes:
      'An empty value means unchanged: neither the description nor the family can be taken away again. Joining a family does not make an image newer than it is. An image without bytes, made from a public image, belongs to no family.',
  },
  input,
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    'InvalidImageName.Malformed': 400,
    'InvalidImageName.Duplicated': 400,
    'InvalidDescription.Malformed': 400,
    'InvalidImageFamily.Malformed': 400,
    'ImageQuotaFull.ImageFamily': 400,
    ImageFamilyQuotaFull: 400,
    'InvalidBootMode.NotSupport': 400,
    'InvalidLicenseType.NotSupported': 400,
    'InvalidParameter.FeaturesImdsSupport': 400,
    OperationDenied: 403,
    'ImageStatus.NotAvailable': 403,
    ImageIsPublic: 403,
    ImageUseShared: 403,
    'OperationDeined.ImageUsingByInstance': 403,
    'ImageStatus.NotDeprecated': 403,
    'InvalidOperation.FeaturesImdsSupportNotMatch': 403,
    'InvalidStatus.ImageIsCreating': 403,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:ModifyImageAttribute',
    resource: ({ ImageId, ImageFamily }) => [
      `image/${ImageId}`,
      ...(ImageFamily === undefined
        ? []
        : [{ resource: `image/${ImageId}`, imageFamily: ImageFamily }]),
    ],
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      ImageFamily: 'hangzhou-daily-update',
    },
    response: {},
  },
  dryRun: true,
  async handler(ctx, wanted) {
    checkForm(ctx, wanted);
    const scope = { accountId: ctx.caller.accountId, regionId: wanted.RegionId as RegionId };
    const image = await ctx.tx.image(scope, wanted.ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    checkState(ctx, image, wanted);
    await applyChanges(ctx, image, wanted);
    return {};
  },
});
