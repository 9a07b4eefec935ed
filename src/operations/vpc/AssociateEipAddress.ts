import { servedAs } from '../../operation.ts';
import { AssociateEipAddress as OfEcs } from '../ecs/AssociateEipAddress.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const AssociateEipAddress = servedAs(OfEcs, 'vpc', VPC_VERSION);
