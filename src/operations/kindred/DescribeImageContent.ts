// What the bytes of an image are, and where they can be read. A digest never opens anything by itself:
// the address is made anew for each call, for an image that the caller owns, and it ends.
import { isWithoutBytes, lacksBytes, NO_BYTES } from '../../domain/bytes.ts';
import { isUsable, type ImageDisk } from '../../domain/image.ts';
import type { RegionId } from '../../domain/ids.ts';
import type { Scope } from '../../domain/tx.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { imageId, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

/** How long the addresses of an answer can be read. */
const URL_MS = 60 * 60_000;

const diskSchema = object({
  Device: string({ description: 'Device name, for example /dev/xvda.' }),
  Type: string({ description: 'system or data.' }),
  SnapshotId: string(),
  Digest: string({ description: '`sha256:` and 64 hexadecimal digits, of the bytes as served.' }),
  SizeBytes: integer({ description: 'Size of the file.' }),
  VirtualSizeBytes: integer({ description: 'Size of the disk that a machine sees.' }),
  Format: string({ description: 'qcow2, raw, vhd or vmdk, by content.' }),
  Verdict: string({ description: 'accepted: the bytes are stored, hashed and inspected.' }),
  Warnings: object({ Warning: list(string()) }),
  Url: string({ description: 'Path on this server at which the bytes can be read without a key.' }),
  UrlExpirationTime: string({ description: 'Until when, UTC.' }),
});

const describeDisk = async (
  ctx: Pick<ReadContext<never>, 'tx' | 'installation' | 'nowMs'>,
  scope: Scope,
  imageId: string,
  disk: ImageDisk,
) => {
  if (disk.snapshotId === null) return undefined;
  const snapshot = await ctx.tx.snapshot(scope, disk.snapshotId);
  if (snapshot !== undefined && isWithoutBytes(snapshot)) return undefined;
  const blob = snapshot?.digest ? await ctx.tx.blob(snapshot.digest) : undefined;
  if (blob === undefined) throw new Error(`${imageId} is usable and ${disk.device} has no bytes`);
  const expiresMs = ctx.nowMs + URL_MS;
  const fileName = `${imageId}-${disk.device.replace('/dev/', '')}.${blob.format}`;
  return {
    Device: disk.device,
    Type: disk.diskType,
    SnapshotId: disk.snapshotId,
    Digest: blob.digest,
    SizeBytes: blob.sizeBytes,
    VirtualSizeBytes: blob.virtualSizeBytes,
    Format: blob.format,
    Verdict: 'accepted',
    Warnings: { Warning: [...blob.warnings] },
    Url: ctx.installation.contentPath(blob.digest, fileName, expiresMs),
    UrlExpirationTime: formatSeconds(expiresMs),
  };
};

export const DescribeImageContent = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageContent',
  kind: 'read',
  docs: {
    summary: 'Says what the bytes of an image are, and gives an address to read them for an hour.',
    notes:
      'Data disks that start empty have no bytes and are not listed. An image that was made from a public one has none at all and is refused.',
  },
  input: object({
    RegionId: regionId(),
    ImageId: imageId(),
  }),
  output: object({
    ImageId: string(),
    RegionId: string(),
    Disks: object({ Disk: list(diskSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    IncorrectImageStatus: 400,
    OperationDenied: 403,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:DescribeImageContent', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp146shijn7hujku9exp' },
    response: {
      ImageId: 'm-bp146shijn7hujku9exp',
      RegionId: 'cn-hangzhou',
      Disks: {
        Disk: [
          {
            Device: '/dev/xvda',
            Type: 'system',
            SnapshotId: 's-bp17441ohwkdca0qmxfa',
            Digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
            SizeBytes: 458_752,
            VirtualSizeBytes: 1_073_741_824,
            Format: 'qcow2',
            Verdict: 'accepted',
            Warnings: { Warning: [] },
            Url: '/images/0123…/m-bp146shijn7hujku9exp-xvda.qcow2?Expires=1795489200&Signature=89ab…',
            UrlExpirationTime: '2026-11-24T04:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, { RegionId, ImageId }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const image = await ctx.tx.image(scope, ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    if (!isUsable(image.status)) throw ctx.fail('IncorrectImageStatus');
    if (await lacksBytes(ctx.tx, scope, image.disks))
      throw ctx.fail('OperationDenied', { message: NO_BYTES });
    const disks = [];
    for (const disk of image.disks) disks.push(await describeDisk(ctx, scope, ImageId, disk));
    return { ImageId, RegionId, Disks: { Disk: disks.filter((disk) => disk !== undefined) } };
  },
});
