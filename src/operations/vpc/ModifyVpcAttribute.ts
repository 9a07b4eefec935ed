import { servedAs } from '../../operation.ts';
import { ModifyVpcAttribute as OfEcs } from '../ecs/ModifyVpcAttribute.ts';
import { VPC_VERSION } from '../ecs/shared/network-parameters.ts';

export const ModifyVpcAttribute = servedAs(OfEcs, 'vpc', VPC_VERSION);
