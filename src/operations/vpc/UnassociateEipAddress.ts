import { servedAs } from '../../operation.ts';
import { UnassociateEipAddress as OfEcs } from '../ecs/UnassociateEipAddress.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const UnassociateEipAddress = servedAs(OfEcs, 'vpc', VPC_VERSION);
