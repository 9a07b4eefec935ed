import { servedAs } from '../../operation.ts';
import { DescribeVSwitches as OfEcs } from '../ecs/DescribeVSwitches.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const DescribeVSwitches = servedAs(OfEcs, 'vpc', VPC_VERSION);
