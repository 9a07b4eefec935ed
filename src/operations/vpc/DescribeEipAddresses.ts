import { servedAs } from '../../operation.ts';
import { DescribeEipAddresses as OfEcs } from '../ecs/DescribeEipAddresses.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const DescribeEipAddresses = servedAs(OfEcs, 'vpc', VPC_VERSION);
