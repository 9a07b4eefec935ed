import { servedAs } from '../../operation.ts';
import { ModifyEipAddressAttribute as OfEcs } from '../ecs/ModifyEipAddressAttribute.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const ModifyEipAddressAttribute = servedAs(OfEcs, 'vpc', VPC_VERSION);
