// Makes records of instances. It never starts a machine: each is Pending for a moment and Running then,
// which is what clients wait for, and its disks hold the bytes of its image by reference.
import { imageAsked } from '../../domain/policy/thing.ts';
import { boolean, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { because } from './shared/because.ts';
import { isHostName } from './shared/instance-form.ts';
import { instanceParameters, none } from './shared/instance-parameters.ts';
import { instanceWithoutEffect, runWithoutEffect } from './shared/instance-without-effect.ts';
import { makeInstances } from './shared/make-instances.ts';
import { makeInstancesErrors, neverOfInstances } from './shared/make-instances-errors.ts';
import { orderedName } from './shared/ordered-names.ts';
import { ECS_VERSION } from './shared/parameters.ts';

const MAX_INSTANCES = 100;
const MAX_GROUPS = 16;
const MAX_NAME = 128;
const MAX_HOST_NAME = 64;

const NO_TEMPLATE =
  'Refused with `InvalidLaunchTemplate.NotFound`: no launch templates exist here.';

const noTemplate = optional(string({ description: NO_TEMPLATE, maxLength: 128 }));
/** The vendor's bounds; what is more costs nothing here and is refused all the same. */
const bandwidth = (maximum: number, invalid: string) =>
  optional(integer({ description: `Mbit/s, 0 to ${maximum}.`, maximum, invalid }));

export const RunInstances = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'RunInstances',
  kind: 'write',
  docs: {
    summary: 'Makes records of up to 100 instances; no machine is started.',
    notes:
      'ImageFamily is resolved at the moment of the call, as DescribeImageFromFamily does it; the image that is found stands in DescribeInstances from then on. Each instance is Pending for a second, then Running. Its disks hold the bytes of the image by reference. Nobody can log in: a password is checked and thrown away, key pair and user data are kept. A public address is one of 198.18.0.0/16, where nothing answers.',
  },
  input: object({
    ...instanceParameters,
    SecurityGroupIds: optional(
      list(string({ maxLength: 128 }), {
        description: 'Security groups, N from 1 to 16; not together with SecurityGroupId.',
        maxItems: MAX_GROUPS,
        tooMany: 'InvalidParameter',
      }),
    ),
    Amount: optional(
      integer({
        minimum: 1,
        maximum: MAX_INSTANCES,
        default: 1,
        invalid: 'InvalidMaxAmount.Malformed',
      }),
    ),
    MinAmount: optional(
      integer({
        description: 'At most Amount; here always Amount instances are made.',
        minimum: 1,
        maximum: MAX_INSTANCES,
        invalid: 'InvalidMinAmount.Malformed',
      }),
    ),
    UniqueSuffix: optional(
      boolean({ description: 'Numbers names and host names 001, 002, … with Amount above 1.' }),
    ),
    HostNames: optional(
      list(string({ maxLength: MAX_HOST_NAME, invalid: 'InvalidHostName.Malformed' }), {
        description: 'One host name for each instance; not together with HostName.',
        maxItems: MAX_INSTANCES,
        tooMany: 'InvalidParameter',
      }),
    ),
    InternetMaxBandwidthOut: bandwidth(100, 'InvalidInternetMaxBandwidthOut.Malformed'),
    InternetMaxBandwidthIn: bandwidth(200, 'InvalidInternetMaxBandwidthIn.Malformed'),
    ImageOptions: optional(
      object({ LoginAsNonRoot: optional(boolean({ description: 'Kept and shown.' })) }),
    ),
    LaunchTemplateId: noTemplate,
    LaunchTemplateName: noTemplate,
    LaunchTemplateVersion: optional(integer({ description: NO_TEMPLATE })),
    NetworkInterface: none('Refused: give VSwitchId and SecurityGroupIds instead.'),
    Ipv6Address: none('Refused: a vSwitch has IPv4 addresses only.'),
    Ipv6AddressCount: optional(
      integer({
        withoutEffect: 'Only 0 is taken, which asks for none.',
        maximum: 0,
        invalid: 'InvalidParameter',
      }),
    ),
    ...instanceWithoutEffect,
    ...runWithoutEffect,
  }),
  output: object({ InstanceIdSets: object({ InstanceIdSet: list(string()) }) }),
  errors: {
    ...makeInstancesErrors,
    'InvalidMaxAmount.Malformed': 400,
    'InvalidMinAmount.Malformed': 400,
    'InvalidInternetMaxBandwidthOut.Malformed': 400,
    'InvalidInternetMaxBandwidthIn.Malformed': 400,
    'InvalidIoOptimize.ValueNotSupported': 400,
    'InvalidParam.Amount': 403,
    'InvalidParams.InstanceNameExceed': 403,
    'InvalidParams.HostnameExceed': 403,
    'InvalidLaunchTemplate.NotFound': 404,
  },
  cannotOccur: {
    ...neverOfInstances,
    ...because('Too many tags, and values without keys, are answered with other codes.', [
      '400 InvalidTag.Mismatch',
      '400 InvalidTagCount',
    ]),
    '400 InvalidAutoReleaseTime.Malformed': 'Nothing is released by itself.',
    '400 InvalidSnapshotId.NotFound':
      'A missing snapshot is answered with InvalidDataDiskSnapshotId.NotFound.',
    '400 InvalidSystemDiskSize.ImageNotSupportResize': 'A disk here may be larger than its image.',
    '400 LoginAsNonRoot.ImageNotSupport': 'Nobody logs in, so that no image is unfit for it.',
    '404 InvalidLaunchTemplateVersion.NotFound':
      'No launch templates exist here; each is InvalidLaunchTemplate.NotFound.',
    '429 Throttling.Resource': 'The number of records is bounded by QuotaExceed.ElasticQuota.',
    '500 InvalidImage.OSType': 'Every image has an OS type.',
  },
  access: { action: 'ecs:RunInstances', resource: (input) => ['instance/*', imageAsked(input)] },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ImageFamily: 'hangzhou-daily-update',
      InstanceType: 'ecs.g7.large',
      InstanceName: 'web-[1,2]',
      Amount: '1',
    },
    response: { InstanceIdSets: { InstanceIdSet: ['i-bp1g6zv0ce8oghu7k2qp'] } },
  },
  recordsOnly: true,
  dryRun: true,
  idempotency: { mismatch: 'InvalidClientToken.ValueNotSupported' },
  async handler(ctx, wanted) {
    const { Amount: amount = 1, UniqueSuffix: uniqueSuffix = false, HostNames = [] } = wanted;
    const { LaunchTemplateId, LaunchTemplateName, LaunchTemplateVersion } = wanted;
    if ([LaunchTemplateId, LaunchTemplateName, LaunchTemplateVersion].some(isGiven))
      throw ctx.fail('InvalidLaunchTemplate.NotFound');
    if (wanted.MinAmount !== undefined && wanted.MinAmount > amount)
      throw ctx.fail('InvalidParam.Amount');
    const lengthOf = (name = ''): number =>
      [...orderedName(name, amount - 1, { amount, uniqueSuffix })].length;
    if (lengthOf(wanted.InstanceName) > MAX_NAME)
      throw ctx.fail('InvalidParams.InstanceNameExceed');
    if (lengthOf(wanted.HostName) > MAX_HOST_NAME) throw ctx.fail('InvalidParams.HostnameExceed');
    if (HostNames.length > 0 && (wanted.HostName !== undefined || HostNames.length !== amount))
      throw ctx.fail('InvalidParameter', { parameter: 'HostNames' });
    if (!HostNames.every(isHostName)) throw ctx.fail('InvalidHostName.Malformed');
    const { InternetMaxBandwidthOut = 0 } = wanted;
    const InstanceIdSet = await makeInstances(ctx, {
      wanted,
      amount,
      uniqueSuffix,
      isPublic: InternetMaxBandwidthOut > 0,
      hostNames: HostNames,
      settled: 'Running',
      detail: {
        loginAsNonRoot: wanted.ImageOptions?.LoginAsNonRoot ?? false,
        internetMaxBandwidthOut: InternetMaxBandwidthOut,
        internetMaxBandwidthIn: wanted.InternetMaxBandwidthIn ?? 0,
        spotStrategy: wanted.SpotStrategy ?? 'NoSpot',
      },
    });
    return { InstanceIdSets: { InstanceIdSet } };
  },
});

const isGiven = (value: unknown): boolean => value !== undefined;
