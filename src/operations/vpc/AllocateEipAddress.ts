import { servedAs } from '../../operation.ts';
import { AllocateEipAddress as OfEcs } from '../ecs/AllocateEipAddress.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const AllocateEipAddress = servedAs(OfEcs, 'vpc', VPC_VERSION);
