import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation, type Product } from '../../operation.ts';

/** The codes by which clients ask for the products that are here. */
export const SERVICE_CODES: readonly Product[] = [
  'ecs',
  'ram',
  'sts',
  'vpc',
  'location',
  'resourcemanager',
];

export const DescribeEndpoints = defineOperation({
  product: 'location',
  version: '2015-06-12',
  action: 'DescribeEndpoints',
  kind: 'read',
  docs: {
    summary: 'Tells at which host a product is called in a region.',
    notes:
      'Always the host that was called, so that clients which ask first stay with this server. A product that is not here is refused in the words by which clients know that there is none.',
  },
  input: object({
    Id: string({
      description: 'The region.',
      missing: 'MissingParameter',
      maxLength: 64,
      invalid: 'InvalidRegionId',
    }),
    ServiceCode: string({
      description: `The product: ${SERVICE_CODES.join(', ')}.`,
      missing: 'MissingParameter',
      maxLength: 64,
      invalid: 'Illegal Parameter',
    }),
    Type: optional(
      string({
        description: 'Kind of endpoint; there is no other than openAPI.',
        maxLength: 64,
        default: 'openAPI',
      }),
    ),
    RegionId: optional(
      string({
        withoutEffect: 'The region asked about stands in Id; several clients add this one.',
        maxLength: 64,
      }),
    ),
  }),
  output: object({
    Success: boolean({ description: 'Always true.' }),
    Endpoints: object({
      Endpoint: list(
        object({
          Id: string({ description: 'The region.' }),
          // The vendor's own spelling; clients read it.
          SerivceCode: string(),
          Type: string({ description: 'Always openAPI.' }),
          Endpoint: string({ description: 'The host that was called.' }),
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, 'Illegal Parameter': 400, InvalidRegionId: 404 },
  cannotOccur: {},
  access: { action: 'location:DescribeEndpoints', resource: () => '*' },
  example: {
    request: { Id: 'cn-hangzhou', ServiceCode: 'ecs', Type: 'openAPI' },
    response: {
      Success: true,
      Endpoints: {
        Endpoint: [
          {
            Id: 'cn-hangzhou',
            SerivceCode: 'ecs',
            Type: 'openAPI',
            Endpoint: '127.0.0.1:5260',
          },
        ],
      },
    },
  },
  async handler(ctx, { Id, ServiceCode, Type = 'openAPI' }) {
    if (!ctx.settings.regions.has(Id)) throw ctx.fail('InvalidRegionId');
    const code = SERVICE_CODES.find((product) => product === ServiceCode.toLowerCase());
    if (code === undefined) throw ctx.fail('Illegal Parameter');
    const here = { Id, SerivceCode: code, Type, Endpoint: ctx.hostId };
    return { Success: true, Endpoints: { Endpoint: Type === 'openAPI' ? [here] : [] } };
  },
});
