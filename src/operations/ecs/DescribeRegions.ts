import { choice, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { acceptLanguage, isChinese } from './shared/accept-language.ts';
import { ECS_VERSION, owners } from './shared/parameters.ts';

const NOT_SOLD = 'Nothing is sold here: every region is open for everything that is served.';

export const DescribeRegions = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeRegions',
  kind: 'read',
  docs: {
    summary: 'Lists the regions.',
    notes:
      '`RegionEndpoint` is the host that was called, so that clients which follow it stay with this server. Finance, government and dedicated regions can be used and are not listed.',
  },
  input: object({
    AcceptLanguage: acceptLanguage,
    InstanceChargeType: optional(
      choice(['PrePaid', 'PostPaid', 'SpotWithPriceLimit', 'SpotAsPriceGo'], {
        invalid: 'Invalid.InstanceChargeType',
        withoutEffect: NOT_SOLD,
      }),
    ),
    ResourceType: optional(
      choice(['instance', 'disk', 'reservedinstance', 'scu'], {
        invalid: 'InvalidResourceType.NotFound',
        withoutEffect: NOT_SOLD,
      }),
    ),
    RegionId: optional(
      string({
        withoutEffect: 'Every region is listed; several clients add the parameter to all calls.',
        maxLength: 64,
      }),
    ),
    ...owners,
  }),
  output: object({
    Regions: object({
      Region: list(
        object({
          RegionId: string(),
          LocalName: string(),
          RegionEndpoint: string({ description: 'The host that was called.' }),
          Status: string({ description: 'Always available.' }),
        }),
      ),
    }),
  }),
  errors: {
    'Invalid.InstanceChargeType': 403,
    'InvalidAcceptLanguage.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {
    '403 Unauthorized.EmptyRegion': 'Every account may use every region.',
  },
  access: { action: 'ecs:DescribeRegions', resource: () => '*' },
  example: {
    request: { AcceptLanguage: 'en-US' },
    response: {
      Regions: {
        Region: [
          {
            RegionId: 'cn-hangzhou',
            LocalName: 'China (Hangzhou)',
            RegionEndpoint: '127.0.0.1:5260',
            Status: 'available',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const listed = [...ctx.settings.regions.values()].filter((region) => !region.invitationOnly);
    return {
      Regions: {
        Region: listed.map((region) => ({
          RegionId: region.regionId,
          LocalName: isChinese(input.AcceptLanguage) ? region.localNameZh : region.localNameEn,
          RegionEndpoint: ctx.hostId,
          Status: 'available',
        })),
      },
    };
  },
});
