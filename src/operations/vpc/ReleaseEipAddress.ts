import { servedAs } from '../../operation.ts';
import { ReleaseEipAddress as OfEcs } from '../ecs/ReleaseEipAddress.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const ReleaseEipAddress = servedAs(OfEcs, 'vpc', VPC_VERSION);
