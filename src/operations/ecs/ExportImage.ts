import { acceptExport, type ExportFormat, type ExportRefusal } from '../../domain/image-export.ts';
import type { RegionId } from '../../domain/ids.ts';
import { findVisible } from '../../domain/visible.ts';
import { choice, object, optional, string } from '../../lib/schema.ts';
import { defineOperation, type WriteContext } from '../../operation.ts';
import { because } from './shared/because.ts';
import { requireOwnBucket } from './shared/own-bucket.ts';
import { dryRun, ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

const FORMATS = ['raw', 'vhd', 'qcow2', 'vmdk', 'vdi', 'RAW', 'VHD', 'QCOW2', 'VMDK'] as const;

/** What to do without a converter, by what is written where no format is named. */
const WAY_OUT: Readonly<Record<ExportFormat, string>> = {
  kept: 'Without ImageFormat the disks are written as they are kept.',
  'raw.tar.gz': 'The format in which the disks are kept can be named as ImageFormat.',
};

const REFUSALS = {
  'not-available': ['IncorrectImageStatus', undefined],
  exporting: ['ImageIsExporting', undefined],
  'too-many-disks': ['InvalidImage.DiskAmountOrSize', undefined],
  'without-bytes': [
    'ImageNotSupported',
    'A disk of the image has no bytes here: it starts empty, or is of a public image.',
  ],
  'other-format': ['InvalidImageFormat.RegionNotSupported', undefined],
  'no-converter': [
    'InvalidImageFormat.RegionNotSupported',
    'A disk of the image is kept in another format, and converting needs qemu-img, prlimit and setpriv on the path of the server.',
  ],
} as const satisfies Record<ExportRefusal, readonly [string, string | undefined]>;

/** An image of the caller's own; what he sees of others is not his to export. */
const requireOwnImage = async (
  ctx: Pick<
    WriteContext<'InvalidImageId.NotFound' | 'ImageNotSupported'>,
    'tx' | 'caller' | 'settings' | 'fail'
  >,
  regionId: RegionId,
  imageId: string,
) => {
  const found = await findVisible(ctx.tx, ctx.caller, regionId, imageId, ctx.settings);
  if (found === undefined) throw ctx.fail('InvalidImageId.NotFound');
  if (found.ownerAlias === 'self') return found.image;
  const message =
    found.ownerAlias === 'system'
      ? 'A public image here is metadata without bytes.'
      : 'Only its owner can export an image.';
  throw ctx.fail('ImageNotSupported', { message });
};

export const ExportImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'ExportImage',
  kind: 'task',
  docs: {
    summary: 'Writes the disks of an image as files into a bucket; a task tells how it goes.',
    notes:
      'Every disk is written, byte for byte as it is kept unless another format is asked for, as `<OSSPrefix>_<ImageId>_system.<format>` and `<OSSPrefix>_<ImageId>_data_<device>.<format>`, so that ImportImage can read it again. Without `ImageFormat` the format is the one that is kept, or, with `--export-format raw.tar.gz`, raw in a gzipped archive for each disk, as the vendor does it, with `.raw.tar.gz` at the end of its name; ImportImage reads no archives. Another format (raw, qcow2, vhd, vmdk; not vdi) is made by qemu-img, shut off from network and files, if the server has it; else it is refused. The files appear at once, when all are whole and hashed; files of the same names are replaced. DescribeTaskAttribute names them. While the image is exported it cannot be deleted nor exported again.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    ImageId: imageId('An image of the caller that is Available.', 'MissingParameter'),
    OSSBucket: string({
      description: 'Bucket of the caller, of the region of the image.',
      missing: 'MissingParameter',
      pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
      invalid: 'InvalidOSSBucket.NotFound',
    }),
    OSSPrefix: optional(
      string({
        description: 'Begins the names of the files: 1 to 30 letters and digits.',
        pattern: '^[A-Za-z0-9]{1,30}$',
        invalid: 'InvalidOSSPrefix.Malformed',
      }),
    ),
    ImageFormat: optional(
      choice(FORMATS, {
        description:
          'The format of the files; without it each disk in the one that it is kept in, or as `--export-format` says.',
        invalid: 'InvalidImageFormat.Malformed',
      }),
    ),
    RoleName: optional(
      string({
        maxLength: 64,
        withoutEffect: 'The buckets of the account are written to without assuming a role.',
      }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({ TaskId: string(), RegionId: string() }),
  errors: {
    MissingParameter: 400,
    DryRunOperation: 400,
    IncorrectImageStatus: 400,
    'InvalidRegionId.NotFound': 400,
    'InvalidOSSPrefix.Malformed': 400,
    'InvalidOSSBucket.NotFound': 400,
    'InvalidOSSBucket.NotMatched': 400,
    'InvalidImageFormat.Malformed': 400,
    'InvalidImageFormat.RegionNotSupported': 400,
    'InvalidImage.DiskAmountOrSize': 400,
    ImageIsExporting: 403,
    ImageNotSupported: 403,
    'ConcurrentQuotaExceed.ExportImage': 403,
    'InvalidImageId.NotFound': 404,
  },
  cannotOccur: {
    ...because('Buckets are folders: not archived, encrypted or guarded by a role.', [
      '400 InvalidOSSObject.NeedRestore',
      '403 InvalidOSS.NotAuthorized',
      '403 InvalidOSSBucket.EncryptUnsupported',
      '403 NoSetRoletoECSServiceAcount',
    ]),
    ...because('Nothing is sold here and no account is kept from a feature.', [
      '403 InvalidImageCategory.NotSupported',
      '403 InvalidImageLicense.NotSupported',
      '403 UserNotInTheWhiteList',
      '403 WeeklyQuotaExceed.ExportImage',
    ]),
    '400 ImageNotSupported': 'The same code is answered with the status 403.',
    '400 InvalidImageName.Malformed': 'No name is taken.',
    '400 InvalidRegion.NotSupport': 'Every region here exports.',
    '400 OperationDenied': 'Data disks are exported too.',
    '403 ExportImageFailed': 'What hinders an export when it runs is told by its task.',
  },
  access: { action: 'ecs:ExportImage', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageId: 'm-bp146shijn7hujku9exp',
      OSSBucket: 'exports',
      OSSPrefix: 'nightly',
    },
    response: { TaskId: 't-bp67acfmxazb4p4aaaaa', RegionId: 'cn-hangzhou' },
  },
  dryRun: true,
  async prepare(ctx, { OSSBucket, ImageFormat }) {
    const bucketExists = await ctx.installation.bucketExists(OSSBucket);
    const mayConvert = ImageFormat !== undefined || ctx.settings.exportFormat !== 'kept';
    const canConvert = mayConvert && (await ctx.installation.canConvert());
    return { bucketExists, canConvert };
  },
  async handler(ctx, wanted, { bucketExists, canConvert }) {
    const { tx, caller, settings } = ctx;
    const regionId = wanted.RegionId as RegionId;
    const image = await requireOwnImage(ctx, regionId, wanted.ImageId);
    const bucket = { name: wanted.OSSBucket, exists: bucketExists };
    await requireOwnBucket(ctx, regionId, bucket, 'OSSBucket');
    if ((await tx.unfinishedTaskCount(caller.accountId)) >= settings.quotas.unfinishedTasks)
      throw ctx.fail('ConcurrentQuotaExceed.ExportImage');
    const taskId = ctx.newId('t-', regionId);
    const refusal = await acceptExport(tx, {
      image,
      bucket: wanted.OSSBucket,
      prefix: wanted.OSSPrefix ?? '',
      format: wanted.ImageFormat?.toLowerCase(),
      unnamed: settings.exportFormat,
      canConvert,
      taskId,
    });
    if (refusal !== undefined) {
      const [code, message] = REFUSALS[refusal];
      if (message === undefined) throw ctx.fail(code);
      const wayOut = refusal === 'no-converter' ? ` ${WAY_OUT[settings.exportFormat]}` : '';
      throw ctx.fail(code, { message: `${message}${wayOut}` });
    }
    return { TaskId: taskId, RegionId: regionId };
  },
});
