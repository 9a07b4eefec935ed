import { INSTANCE_TYPES, type InstanceType } from '../../domain/instance-type.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  instanceTypeFilter,
  instanceTypesInput,
  unknownFilter,
} from './shared/instance-type-filter.ts';
import { pageToken, queryHash, readPageToken } from './shared/page-token.ts';
import { ECS_VERSION } from './shared/parameters.ts';

const view = (type: InstanceType) => ({
  InstanceTypeId: type.instanceTypeId,
  InstanceTypeFamily: type.instanceTypeFamily,
  InstanceFamilyLevel: type.instanceFamilyLevel,
  CpuArchitecture: type.cpuArchitecture,
  CpuCoreCount: type.cpuCoreCount,
  MemorySize: type.memoryGib,
  GPUAmount: 0,
  GPUSpec: '',
});

export const DescribeInstanceTypes = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstanceTypes',
  kind: 'read',
  docs: {
    summary: 'Lists instance types by name and size.',
    notes:
      "No machine is made here: this is a table of some of the vendor's types, for clients that look a type up before they name it. Other types can be used all the same. A filter by what the table does not know is refused.",
  },
  input: instanceTypesInput,
  output: object({
    InstanceTypes: object({
      InstanceType: list(
        object({
          InstanceTypeId: string(),
          InstanceTypeFamily: string(),
          InstanceFamilyLevel: string(),
          CpuArchitecture: string({ description: 'X86 or ARM.' }),
          CpuCoreCount: integer({ description: 'vCPUs.' }),
          MemorySize: integer({ description: 'GiB.' }),
          GPUAmount: integer({ description: 'Always 0.' }),
          GPUSpec: string({ description: 'Always empty.' }),
        }),
      ),
    }),
    NextToken: optional(string({ description: 'Of the next page, if there is one.' })),
  }),
  errors: { InvalidParameter: 400, 'Invalid.NextToken': 403 },
  cannotOccur: {},
  access: { action: 'ecs:DescribeInstanceTypes', resource: () => '*' },
  example: {
    request: { 'InstanceTypes.1': 'ecs.g7.large' },
    response: {
      InstanceTypes: {
        InstanceType: [
          {
            InstanceTypeId: 'ecs.g7.large',
            InstanceTypeFamily: 'ecs.g7',
            InstanceFamilyLevel: 'EnterpriseLevel',
            CpuArchitecture: 'X86',
            CpuCoreCount: 2,
            MemorySize: 8,
            GPUAmount: 0,
            GPUSpec: '',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const unknown = unknownFilter(input);
    if (unknown !== undefined) throw ctx.fail('InvalidParameter', { parameter: unknown });
    const { MaxResults, NextToken, ...filters } = input;
    const query = queryHash('DescribeInstanceTypes', filters);
    const after =
      NextToken === undefined ? [''] : readPageToken(NextToken, query, ['string'] as const);
    if (after === undefined) throw ctx.fail('Invalid.NextToken');
    const fits = instanceTypeFilter(input);
    const rest = INSTANCE_TYPES.filter((type) => type.instanceTypeId > after[0]! && fits(type));
    const page = rest.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      InstanceTypes: { InstanceType: page.map(view) },
      ...(last !== undefined && rest.length > page.length
        ? { NextToken: pageToken(query, [last.instanceTypeId]) }
        : {}),
    };
  },
});
