import { servedAs } from '../../operation.ts';
import { DescribeVpcs as OfEcs } from '../ecs/DescribeVpcs.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const DescribeVpcs = servedAs(OfEcs, 'vpc', VPC_VERSION);
